namespace VaeCluster.Core.Specs;

/// <summary>When checkpoints are written.</summary>
public sealed record CheckpointSpec
{
    /// <summary>Steps between two checkpoints; one more is written at the end.</summary>
    public int EverySteps { get; init; } = 500;

    /// <summary>How many of the newest checkpoints are kept, in addition to the best one.</summary>
    public int Keep { get; init; } = 3;
}
