namespace VaeCluster.Core.Specs;

/// <summary>What happens when a shard's loss or gradient is not finite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The run fails; the last good checkpoint stays.</summary>
    Stop,

    /// <summary>The step is counted but changes nothing.</summary>
    Skip,

    /// <summary>The step-size factor is halved and the same step is done again from the same weights' next draw.</summary>
    Halve,
}
