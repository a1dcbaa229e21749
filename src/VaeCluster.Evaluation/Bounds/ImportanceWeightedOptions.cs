namespace VaeCluster.Evaluation.Bounds;

/// <summary>How the importance-weighted bound is estimated.</summary>
public sealed record ImportanceWeightedOptions
{
    /// <summary>
    /// Samples K per example. Default 100, which is quick; tables in the literature use 5000. A larger K gives a tighter bound.
    /// </summary>
    public int Samples { get; init; } = 100;

    /// <summary>Use only the first this many examples; null: all. Default 1000.</summary>
    public int? Limit { get; init; } = 1000;

    /// <summary>Seed of the noise, <c>evaluation.seed</c> of the run file. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads, each with its own program; they do not affect the result. Default 1.</summary>
    public int Threads { get; init; } = 1;
}
