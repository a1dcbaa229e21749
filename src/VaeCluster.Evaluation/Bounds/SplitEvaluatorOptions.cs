namespace VaeCluster.Evaluation.Bounds;

/// <summary>How a split is evaluated. Only <see cref="Seed"/> and <see cref="Limit"/> affect the result.</summary>
public sealed record SplitEvaluatorOptions
{
    /// <summary>Seed of the latent noise, <c>evaluation.seed</c> of the run file. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Use only the first this many examples; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Threads, each with its own program. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Rows per program, or fewer if they would need too much memory. Default 100.</summary>
    public int Batch { get; init; } = 100;
}
