namespace VaeCluster.Core.Specs;

/// <summary>What to do when a shard's loss or gradient is not finite.</summary>
public enum NonFinitePolicy
{
    /// <summary>The run fails; the last good checkpoint stays.</summary>
    Stop,

    /// <summary>The step is counted but changes nothing.</summary>
    Skip,

    /// <summary>
    /// The run returns to its last scheduled checkpoint and continues with half the learning rate: repeating the same step from the same
    /// weights would fail in the same way.
    /// </summary>
    Halve,
}
