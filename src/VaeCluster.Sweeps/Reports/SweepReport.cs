using VaeCluster.Evaluation.Reports;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>The content of a sweep's report; text is unescaped, the page escapes it.</summary>
public sealed record SweepReport
{
    /// <summary>The sweep with its trials.</summary>
    public required SweepSummary Summary { get; init; }

    /// <summary>The fields that trials set, without the seed, in the order of the space.</summary>
    public required IReadOnlyList<ReportParameter> Parameters { get; init; }

    /// <summary>Search, stopping rule, seeds and objectives in one line.</summary>
    public string Subtitle { get; init; } = string.Empty;

    /// <summary>The learning curve of each trial by index; missing for trials without a readable log.</summary>
    public IReadOnlyDictionary<int, TrialCourse> Courses { get; init; } = new Dictionary<int, TrialCourse>();

    /// <summary>Latent traversals of the best trial of each β.</summary>
    public IReadOnlyList<ReportImage> Traversals { get; init; } = [];

    /// <summary>Links to the reports of trials by index, relative to the sweep's report; missing for trials without a report.</summary>
    public IReadOnlyDictionary<int, string> Pages { get; init; } = new Dictionary<int, string>();

    /// <summary>What could not be shown and why, one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The resolved sweep file; empty if unknown.</summary>
    public string SweepFile { get; init; } = string.Empty;
}
