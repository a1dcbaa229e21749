using VaeCluster.Distributed.Membership;

namespace VaeCluster.Distributed.Messages;

/// <summary>Makes the links to what lives on other silos.</summary>
public interface IClusterLinks
{
    /// <summary>The worker of one device.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="device">One of its devices.</param>
    IWorkerLink Worker(SiloBeat silo, string device);

    /// <summary>The parameter server of one range.</summary>
    /// <param name="silo">The silo that hosts it.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="range">Which range, from 0.</param>
    IRangeLink Range(SiloBeat silo, string run, int range);
}
