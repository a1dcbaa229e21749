namespace VaeCluster.Core.Specs;

/// <summary>How the model is evaluated.</summary>
public sealed record EvaluationSpec
{
    /// <summary>Seed of the noise in evaluations; every epoch and trial uses the same noise.</summary>
    public long Seed { get; init; }

    /// <summary>Epochs between evaluations on held-out data during training; 0: only at the end.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Largest number of held-out examples used, during training and at the end; null: all.</summary>
    public int? Limit { get; init; }
}
