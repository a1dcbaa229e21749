using System.Globalization;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Grains.ParameterServers;
using VaeCluster.Grains.Placement;
using VaeCluster.Grains.Workers;

namespace VaeCluster.Grains.Coordination;

/// <summary>Creates links that go through grains.</summary>
/// <param name="grains">Finds grains.</param>
public sealed class GrainLinks(IGrainFactory grains) : IClusterLinks
{
    /// <inheritdoc/>
    public IWorkerLink Worker(SiloBeat silo, string device) =>
        new WorkerLink(grains.GetGrain<IWorkerGrain>(SiloKey.Of(silo.Incarnation, device)));

    /// <inheritdoc/>
    public IRangeLink Range(SiloBeat silo, string run, int range) => new RangeLink(
        grains.GetGrain<IParameterServerGrain>(SiloKey.Of(silo.Incarnation, $"{run}/{range.ToString(CultureInfo.InvariantCulture)}")));
}
