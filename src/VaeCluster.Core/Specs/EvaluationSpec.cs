namespace VaeCluster.Core.Specs;

/// <summary>How the model is judged.</summary>
public sealed record EvaluationSpec
{
    /// <summary>Seed of the noise of every evaluation: the same in every epoch and trial.</summary>
    public long Seed { get; init; }

    /// <summary>Epochs between evaluations on held-out data during training; 0: only at the end.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>At most this many held-out examples are used during training and at the end; null: all.</summary>
    public int? Limit { get; init; }
}
