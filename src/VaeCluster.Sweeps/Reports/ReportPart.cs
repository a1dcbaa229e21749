using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>What charts that rank trials show together: all trials, or those of a group where not all compare.</summary>
/// <param name="Report">The report with these trials alone.</param>
/// <param name="Group">The group; null: all trials.</param>
internal sealed record ReportPart(SweepReport Report, TrialGroup? Group)
{
    // The largest groups; a range of a field gives every trial a group of its own.
    private const int Most = 6;

    /// <summary>The end of a heading: empty where there is no group.</summary>
    internal string OfGroup => Group is null ? string.Empty : $": group {Group.Name}, {Group.Basis}";

    /// <summary>Letters that tell the parts' elements apart; empty where there is one part.</summary>
    internal string Id => Group?.Name ?? string.Empty;

    /// <summary>The parts of a report.</summary>
    /// <param name="report">The report.</param>
    internal static IReadOnlyList<ReportPart> Of(SweepReport report) => report.Summary.Groups.Count == 0
        ? [new ReportPart(report, null)]
        : [.. report.Summary.Groups.OrderByDescending(group => group.Trials.Count).Take(Most)
            .Select(group => new ReportPart(Only(report, group), group))];

    private static SweepReport Only(SweepReport report, TrialGroup group) => report with
    {
        Summary = report.Summary with
        {
            Best = group.Best,
            Front = group.Front,
            Groups = [],
            Trials = [.. report.Summary.Trials.Where(trial => group.Trials.Contains(trial.Index))],
        },
    };
}
