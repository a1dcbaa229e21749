using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Evaluation.Reports;

/// <summary>The contents of a report; texts are unescaped, since the page escapes them.</summary>
public sealed record ReportContent
{
    /// <summary>The run's name.</summary>
    public required string Title { get; init; }

    /// <summary>Model, objective and data in one line.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The run's status, for example <c>finished</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The key numbers, most important first.</summary>
    public IReadOnlyList<KeyNumber> KeyNumbers { get; init; } = [];

    /// <summary>The metrics of the run.</summary>
    public MetricsHistory History { get; init; } = new();

    /// <summary>KL of each latent dimension; empty if no split could be evaluated.</summary>
    public IReadOnlyList<DimensionKl> Dimensions { get; init; } = [];

    /// <summary>The images that the dimensions were evaluated on, for example <c>1,000 images of the test split</c>.</summary>
    public string? DimensionsSource { get; init; }

    /// <summary>Scores of the weights; null if the folder has none, or only those of other weights.</summary>
    public ScoreFile? Scores { get; init; }

    /// <summary>What the page could not be made from, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Sections with images.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>Facts about the run, as name and value: engine, workers, parameters.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The resolved run file.</summary>
    public string RunFile { get; init; } = string.Empty;

    /// <summary>SHA-256 of the flat little-endian float32 weights, in hexadecimal; null if there are none yet.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>Commands that reproduce the weights.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}
