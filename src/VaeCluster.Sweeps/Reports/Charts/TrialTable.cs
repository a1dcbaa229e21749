using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>A table of all trials with parameters and scores; the page's script sorts it by any column.</summary>
internal static class TrialTable
{
    /// <summary>Appends the table.</summary>
    internal static void Write(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores)
    {
        html.Line($"<div class=\"scroll\"><table class=\"trials\"><thead><tr>");
        Heading(html, "trial", isAmount: true);
        if (report.Summary.Groups.Count > 0) Heading(html, "group", isAmount: false);
        foreach (ReportParameter parameter in report.Parameters) Heading(html, parameter.Name, isAmount: true);
        Heading(html, "seed", isAmount: true);
        Heading(html, "status", isAmount: false);
        Heading(html, "steps", isAmount: true);
        foreach (ReportScore score in scores) Heading(html, score.Name, isAmount: true);
        html.Line($"</tr></thead><tbody>");
        foreach (TrialRecord trial in report.Summary.Trials) WriteRow(html, report, scores, trial);
        html.Line($"</tbody></table></div>");
    }

    private static void WriteRow(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores, TrialRecord trial)
    {
        html.Add($"<tr data-trial=\"{trial.Index}\"{new RawHtml(report.Summary.IsBest(trial) ? " class=\"best\"" : string.Empty)}>");
        html.Add($"<td class=\"amount\" data-value=\"{trial.Index}\">");
        if (report.Pages.TryGetValue(trial.Index, out string? page)) html.Add($"<a href=\"{page}\">{trial.Index}</a>");
        else html.Add($"{trial.Index}");
        html.Add($"</td>");
        if (report.Summary.Groups.Count > 0)
        {
            string group = report.Summary.GroupOf(trial)?.Name ?? "–";
            html.Add($"<td data-value=\"{group}\">{group}{(report.Summary.IsBest(trial) ? " (best)" : string.Empty)}</td>");
        }

        foreach (ReportParameter parameter in report.Parameters)
            html.Add($"<td class=\"amount\" data-value=\"{parameter.Position(trial) ?? -1:R}\">{parameter.Text(trial) ?? "–"}</td>");
        html.Add(
            $"<td class=\"amount\" data-value=\"{trial.Seed}\">{trial.Seed}</td><td data-value=\"{(int)trial.Status}\">{Status(trial)}");
        if (trial.Failures > 0)
            html.Add($" <span class=\"parts\">({trial.Failures} {(trial.Failures == 1 ? "failure" : "failures")})</span>");
        if (trial is { Status: TrialStatus.Failed, Error: { } error }) html.Add($"<br><span class=\"parts\">{error}</span>");
        html.Add($"</td><td class=\"amount\" data-value=\"{trial.Steps}\">{trial.Steps:#,0}</td>");
        foreach (ReportScore score in scores)
        {
            if (score.Value(trial) is { } value) html.Add($"<td class=\"amount\" data-value=\"{value:R}\">{ReportScore.Text(value)}</td>");
            else html.Add($"<td class=\"amount\" data-value=\"\">–</td>");
        }

        html.Line($"</tr>");
    }

    private static string Status(TrialRecord trial) => trial.Status switch
    {
        TrialStatus.StoppedEarly => "stopped early",
        _ => trial.Status.ToString().ToLowerInvariant(),
    };

    private static void Heading(HtmlBuilder html, string name, bool isAmount) =>
        html.Line(
            $"<th{new RawHtml(isAmount ? " class=\"amount\"" : string.Empty)} scope=\"col\"><button type=\"button\">{name}</button></th>");
}
