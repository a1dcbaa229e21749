using System.Diagnostics.Metrics;
using System.Reflection;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>The names in a scrape of the metrics of the referenced Orleans version, including those that report only failures.</summary>
internal static class OrleansMetrics
{
    /// <summary>The series of all its instruments.</summary>
    internal static IReadOnlySet<string> Declared()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var meters = new Meters();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == meters) found.UnionWith(ScrapeNames.Of(instrument));
            },
        };
        listener.Start();

        // Each class creates its instruments from one object that holds the meter.
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Type meter = Assembly.Load("Orleans.Core").GetType("Orleans.Runtime.OrleansInstruments", throwOnError: true)!;
        object shared = Activator.CreateInstance(meter, meters)!;
        foreach (Type type in new[] { "Orleans.Core", "Orleans.Runtime" }.SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false }))
            if (type.GetConstructor(Any, [meter]) is { } make && type.Name.EndsWith("Instruments", StringComparison.Ordinal))
                make.Invoke([shared]);
        return found;
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (Meter meter in _meters) meter.Dispose();
        }
    }
}
