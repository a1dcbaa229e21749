using System.Diagnostics.Metrics;
using VaeCluster.Core.Instruments;

namespace VaeCluster.Engine.Torch;

/// <summary>
/// What devices are doing, asked when somebody reads the meter <see cref="InstrumentNames.Meter"/>, one value a device, labelled with its
/// name. Nothing is measured for nobody.
/// </summary>
internal static class TorchInstruments
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<TorchDevice, TorchEngine> Engines = [];
    private static readonly Meter Meter = new(InstrumentNames.Meter);

    static TorchInstruments()
    {
        Meter.CreateObservableGauge(InstrumentNames.GpuUtilization, () => Of(device => device.Utilization), "1",
            "Share of the last second in which the GPU computed");
        Meter.CreateObservableUpDownCounter(InstrumentNames.GpuMemoryUsage, () => Of(device => device.MemoryUsedBytes), "By",
            "GPU memory in use by all processes");
        Meter.CreateObservableUpDownCounter(InstrumentNames.GpuMemoryLimit, () => Of(device => device.MemoryTotalBytes), "By",
            "GPU memory");
        Meter.CreateObservableCounter(DeviceTimeName, Times, "s",
            "Time that devices spent in operations and in copies of weights and gradients");
    }

    /// <summary>Counter of a device's seconds, by <c>hw.id</c> and <c>phase</c>: compute or copy.</summary>
    internal const string DeviceTimeName = "vaecluster.device.time";

    /// <summary>From now on an engine's device is reported; of several engines of one device, the last.</summary>
    /// <param name="engine">The engine.</param>
    internal static void Add(TorchEngine engine)
    {
        lock (Gate) Engines[engine.Device] = engine;
    }

    /// <summary>An engine is no more.</summary>
    /// <param name="engine">The engine.</param>
    internal static void Remove(TorchEngine engine)
    {
        lock (Gate)
        {
            if (Engines.GetValueOrDefault(engine.Device) == engine) Engines.Remove(engine.Device);
        }
    }

    private static Measurement<T>[] Of<T>(Func<TorchDeviceMetrics, T?> value)
        where T : struct =>
        [
            .. from device in Measure()
               let number = value(device)
               where number is not null
               select new Measurement<T>(number.Value, Label(device)),
        ];

    private static Measurement<double>[] Times() =>
    [
        .. Measure().SelectMany(device => new Measurement<double>[]
        {
            new(device.ComputeSeconds, Label(device), new(InstrumentNames.PhaseLabel, "compute")),
            new(device.CopySeconds, Label(device), new(InstrumentNames.PhaseLabel, "copy")),
        }),
    ];

    private static KeyValuePair<string, object?> Label(TorchDeviceMetrics device) => new(InstrumentNames.HardwareLabel, device.Device);

    private static TorchDeviceMetrics[] Measure()
    {
        TorchEngine[] engines;
        lock (Gate) engines = [.. Engines.Values];
        return [.. engines.Select(engine => engine.Measure())];
    }
}
