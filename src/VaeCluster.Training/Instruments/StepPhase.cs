namespace VaeCluster.Training.Instruments;

/// <summary>What the time of a step goes into.</summary>
public enum StepPhase
{
    /// <summary>Reading examples and drawing noise.</summary>
    Data,

    /// <summary>Forward and backward.</summary>
    Compute,

    /// <summary>Handing gradients to the ranges.</summary>
    Push,

    /// <summary>Adding along the tree, and the update.</summary>
    Reduce,

    /// <summary>Bringing the new weights to where they are computed with.</summary>
    Pull,
}
