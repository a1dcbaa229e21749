using System.Diagnostics.Metrics;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>The names that the Prometheus exporter gives an instrument.</summary>
internal static class ScrapeNames
{
    /// <summary>The names of an instrument's series: with underscores, the full unit unless it is 1 or a comment, and the suffix of its
    /// kind.</summary>
    /// <param name="instrument">The instrument.</param>
    internal static IEnumerable<string> Of(Instrument instrument)
    {
        string unit = instrument.Unit switch
        {
            null or "" or "1" => string.Empty,
            "By" => "_bytes",
            "s" => "_seconds",
            "ms" => "_milliseconds",
            _ when instrument.Unit.StartsWith('{') => string.Empty,
            _ => $"_{instrument.Unit}",
        };
        string name = instrument.Name.Replace('.', '_').Replace('-', '_');
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>)) return [$"{name}_total"];
        return kind == typeof(Histogram<>) ? [$"{name}_bucket", $"{name}_count", $"{name}_sum"] : [name];
    }
}
