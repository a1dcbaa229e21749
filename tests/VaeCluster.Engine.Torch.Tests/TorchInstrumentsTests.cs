using System.Diagnostics.Metrics;
using VaeCluster.Core.Instruments;
using VaeCluster.Engine.Managed.Tests.Graphs;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>What a reader of the meter sees of devices.</summary>
public sealed class TorchInstrumentsTests
{
    [RequiresFact(Requirement.Libstdcxx)]
    public void A_device_reports_its_time_while_its_engine_lives()
    {
        TorchEngine engine = TorchEngine.Create("cpu:7");
        new Trial(Models.Create("mlp", "bernoulli", "vae").Training).Run(engine, 8, 2);
        Dictionary<string, double> seen = Read();
        Assert.True(seen["compute"] > 0);
        Assert.InRange(seen["copy"], 0, double.MaxValue);

        // A processor has no memory and no utilisation of a GPU.
        Assert.Equal(2, seen.Count);
        engine.Dispose();
        Assert.Empty(Read());
    }

    private static Dictionary<string, double> Read()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == InstrumentNames.Meter) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument.Name, value, labels));
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument.Name, value, labels));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;

        void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            Dictionary<string, object?> all = new(labels.ToArray());
            if (all.GetValueOrDefault(InstrumentNames.HardwareLabel) as string != "cpu:7") return;
            seen.Add(all.GetValueOrDefault(InstrumentNames.PhaseLabel) as string ?? name, value);
        }
    }
}
