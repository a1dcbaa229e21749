using VaeCluster.Evaluation.Reports;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>Everything that a sweep's report says; text as the user gave it, the page escapes it.</summary>
public sealed record SweepReport
{
    /// <summary>The sweep with its trials.</summary>
    public required SweepSummary Summary { get; init; }

    /// <summary>What trials differ in, the seed not counted, in the order of the space.</summary>
    public required IReadOnlyList<ReportParameter> Parameters { get; init; }

    /// <summary>How trials were chosen and stopped, in one line.</summary>
    public string Subtitle { get; init; } = string.Empty;

    /// <summary>The course of each trial by its index; of trials without a readable log there is none.</summary>
    public IReadOnlyDictionary<int, TrialCourse> Courses { get; init; } = new Dictionary<int, TrialCourse>();

    /// <summary>Latent traversals of the best trial of each β.</summary>
    public IReadOnlyList<ReportImage> Traversals { get; init; } = [];

    /// <summary>Pages of trials by index, as addresses relative to the report; of trials without a page there is none.</summary>
    public IReadOnlyDictionary<int, string> Pages { get; init; } = new Dictionary<int, string>();

    /// <summary>What could not be shown and why, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The resolved sweep file; empty: not known.</summary>
    public string SweepFile { get; init; } = string.Empty;
}
