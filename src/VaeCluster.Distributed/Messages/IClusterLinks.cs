using VaeCluster.Distributed.Membership;

namespace VaeCluster.Distributed.Messages;

/// <summary>Makes the links to what lives on other silos.</summary>
public interface IClusterLinks
{
    /// <summary>The worker of one device.</summary>
    /// <param name="site">The silo.</param>
    /// <param name="device">One of its devices.</param>
    IWorkerLink Worker(SiteBeat site, string device);

    /// <summary>The parameter server of one range.</summary>
    /// <param name="site">The silo that hosts it.</param>
    /// <param name="run">The run.</param>
    /// <param name="range">Which range, from 0.</param>
    IRangeLink Range(SiteBeat site, string run, int range);
}
