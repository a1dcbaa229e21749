using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using VaeCluster.Core.Instruments;
using VaeCluster.Engine.Torch;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>The names of device metrics in a scrape, including those of devices that this machine does not have.</summary>
internal static class DeviceMetrics
{
    /// <summary>Whether a metric belongs to a device.</summary>
    /// <param name="metric">Its name in a scrape.</param>
    internal static bool IsOne(string metric) =>
        metric.StartsWith("hw_", StringComparison.Ordinal) || metric.StartsWith("vaecluster_device_", StringComparison.Ordinal);

    /// <summary>The metrics of all instruments that the engine declares, sorted.</summary>
    internal static string[] Declared()
    {
        Type instruments = typeof(TorchEngine).Assembly.GetType("VaeCluster.Engine.Torch.TorchInstruments", throwOnError: true)!;
        RuntimeHelpers.RunClassConstructor(instruments.TypeHandle);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == InstrumentNames.Meter) found.UnionWith(ScrapeNames.Of(instrument).Where(IsOne));
            },
        };
        listener.Start();
        return [.. found];
    }
}
