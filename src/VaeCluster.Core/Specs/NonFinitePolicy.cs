namespace VaeCluster.Core.Specs;

/// <summary>What happens when a shard's loss or gradient is not finite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The run fails; the last good checkpoint stays.</summary>
    Stop,

    /// <summary>The step is counted but changes nothing.</summary>
    Skip,

    /// <summary>
    /// The run goes back to its last scheduled checkpoint and goes on from there with half the step size: the same step from the same weights
    /// would fail in the same way.
    /// </summary>
    Halve,
}
