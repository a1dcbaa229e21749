namespace VaeCluster.Evaluation.Reports.Metrics;

/// <summary>The metrics of a run so far.</summary>
public sealed record MetricsHistory
{
    /// <summary>Values of each step.</summary>
    public IReadOnlyList<MetricsPoint> Steps { get; init; } = [];

    /// <summary>Means over the steps of each epoch.</summary>
    public IReadOnlyList<MetricsPoint> Epochs { get; init; } = [];

    /// <summary>Evaluations on held-out training data.</summary>
    public IReadOnlyList<MetricsPoint> Validation { get; init; } = [];

    /// <summary>Evaluations on the dataset's own test split.</summary>
    public IReadOnlyList<MetricsPoint> Test { get; init; } = [];
}
