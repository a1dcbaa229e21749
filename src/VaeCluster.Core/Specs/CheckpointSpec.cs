namespace VaeCluster.Core.Specs;

/// <summary>When the state is saved.</summary>
public sealed record CheckpointSpec
{
    /// <summary>A checkpoint every this many steps, beside the one at the end.</summary>
    public int EverySteps { get; init; } = 500;

    /// <summary>How many of the newest are kept, beside the best.</summary>
    public int Keep { get; init; } = 3;
}
