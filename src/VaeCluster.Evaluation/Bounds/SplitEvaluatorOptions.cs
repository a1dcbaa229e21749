namespace VaeCluster.Evaluation.Bounds;

/// <summary>How a split is evaluated. None of it changes a bit of the result but <see cref="Seed"/> and <see cref="Limit"/>.</summary>
public sealed record SplitEvaluatorOptions
{
    /// <summary>Seed of the latent noise, <c>evaluation.seed</c> of the run file. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>At most this many examples, from the first; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Threads, each with a program of its own. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Rows of a program. Default 100.</summary>
    public int Batch { get; init; } = 100;
}
