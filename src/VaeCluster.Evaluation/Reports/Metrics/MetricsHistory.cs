namespace VaeCluster.Evaluation.Reports.Metrics;

/// <summary>The course of a run, as far as it is written.</summary>
public sealed record MetricsHistory
{
    /// <summary>A value for every step.</summary>
    public IReadOnlyList<MetricsPoint> Steps { get; init; } = [];

    /// <summary>Means over the steps of every epoch.</summary>
    public IReadOnlyList<MetricsPoint> Epochs { get; init; } = [];

    /// <summary>Evaluations on held-out training data.</summary>
    public IReadOnlyList<MetricsPoint> Validation { get; init; } = [];

    /// <summary>Evaluations on the data's own test split.</summary>
    public IReadOnlyList<MetricsPoint> Test { get; init; } = [];
}
