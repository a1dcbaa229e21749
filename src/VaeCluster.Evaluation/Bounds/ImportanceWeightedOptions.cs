namespace VaeCluster.Evaluation.Bounds;

/// <summary>How the importance-weighted bound is estimated.</summary>
public sealed record ImportanceWeightedOptions
{
    /// <summary>
    /// Samples K of each example. Default 100, which is quick; tables in the literature use 5000, and the bound tightens with K.
    /// </summary>
    public int Samples { get; init; } = 100;

    /// <summary>At most this many examples, from the first; null: all. Default 1000.</summary>
    public int? Limit { get; init; } = 1000;

    /// <summary>Seed of the noise, <c>evaluation.seed</c> of the run file. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads, each with a program of its own; they do not change a bit. Default 1.</summary>
    public int Threads { get; init; } = 1;
}
