using System.Text;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>The tooltip of a trial.</summary>
internal static class TrialTip
{
    /// <summary>Index, parameters and seed on the first line, then one line per score.</summary>
    internal static string Of(TrialRecord trial, SweepReport report, IReadOnlyList<ReportScore> scores)
    {
        var text = new StringBuilder($"trial {trial.Index}");
        foreach (ReportParameter parameter in report.Parameters)
            if (parameter.Text(trial) is { } value) text.Append($", {parameter.Name} {value}");
        text.Append($", seed {trial.Seed}");
        foreach (ReportScore score in scores)
            if (score.Value(trial) is { } value) text.Append($"\n{score.Name} {ReportScore.Text(value)}");
        return text.ToString();
    }
}
