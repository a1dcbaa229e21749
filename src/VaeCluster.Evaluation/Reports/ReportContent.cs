using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Evaluation.Reports;

/// <summary>Everything that a report says; text as the user gave it, the page escapes it.</summary>
public sealed record ReportContent
{
    /// <summary>The run's name.</summary>
    public required string Title { get; init; }

    /// <summary>Model, objective and data in one line.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The run's status, for example <c>finished</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The numbers that matter, most important first.</summary>
    public IReadOnlyList<KeyNumber> KeyNumbers { get; init; } = [];

    /// <summary>The course of the run.</summary>
    public MetricsHistory History { get; init; } = new();

    /// <summary>KL of each latent dimension; empty where no split could be evaluated.</summary>
    public IReadOnlyList<DimensionKl> Dimensions { get; init; } = [];

    /// <summary>Which images the dimensions were judged on, for example <c>1,000 images of the test split</c>.</summary>
    public string? DimensionsSource { get; init; }

    /// <summary>Scores that judge the weights; null: the folder has none, or they are of other weights.</summary>
    public ScoreFile? Scores { get; init; }

    /// <summary>Sections of pictures.</summary>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    /// <summary>Facts about the run, name and value: engine, workers, parameters.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The resolved run file.</summary>
    public string RunFile { get; init; } = string.Empty;

    /// <summary>SHA-256 over the flat little-endian float32 weights, in hexadecimal; null before there are any.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>Commands that give the same weights again.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}
