using System.Globalization;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.ParameterServers;
using VaeCluster.Grains.Placement;
using VaeCluster.Grains.Workers;

namespace VaeCluster.Grains.Coordination;

/// <summary>Links over grains, and over the exchange of tensors for what every step needs.</summary>
/// <param name="grains">Finds grains.</param>
/// <param name="own">This silo, which sends the notes.</param>
public sealed class GrainLinks(IGrainFactory grains, Site own) : IClusterLinks
{
    /// <inheritdoc/>
    public IWorkerLink Worker(SiteBeat site, string device) => new WorkerLink(
        grains.GetGrain<IWorkerGrain>(SiloKey.Of(site.Silo, device)), (run, assignment, told) => own.Tell(site.Exchange, device, run, assignment, told));

    /// <inheritdoc/>
    public IRangeLink Range(SiteBeat site, string run, int range) => new RangeLink(
        grains.GetGrain<IParameterServerGrain>(SiloKey.Of(site.Silo, $"{run}/{range.ToString(CultureInfo.InvariantCulture)}")),
        (key, decision) => own.Tell(site.Exchange, range, key, decision));
}
