using System.Security.Cryptography;
using System.Text;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Reports.Charts;
using VaeCluster.Sweeps.Reports.Importance;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>
/// Renders a sweep's report as one self-contained HTML page. Its script highlights a trial in all charts and sorts the table. The content
/// security policy allows only this script, by its hash; without scripts the page still shows everything.
/// </summary>
public static class SweepReportPage
{
    // More than these say nothing at a glance; the table has all.
    private const int MostBest = 4, MostGroups = 12;

    private static readonly Lazy<RawHtml> Css = new(() => ReportStyle.Resource(typeof(SweepReportPage).Assembly, "sweep.css"));
    private static readonly Lazy<RawHtml> Script = new(() => ReportStyle.Resource(typeof(SweepReportPage).Assembly, "sweep.js"));

    /// <summary>Renders the page.</summary>
    /// <param name="report">Its content.</param>
    public static string Render(SweepReport report)
    {
        IReadOnlyList<ReportScore> scores = ReportScore.Of(report.Summary);
        var colors = new TrialColors(report.Parameters);
        var html = new HtmlBuilder();
        WriteHead(html, report);
        html.Line($"<main>");
        WriteNumbers(html, report, scores);
        IReadOnlyList<ReportPart> parts = ReportPart.Of(report);
        foreach (ReportPart part in parts) WritePlane(html, part, scores, colors);
        foreach (ReportPart part in parts) WriteHeatMaps(html, part, scores);
        WriteTraversals(html, report);
        WriteCurves(html, report, colors);
        foreach (ReportPart part in parts)
        {
            html.Line($"<section><h2>Parallel coordinates{part.OfGroup}</h2>");
            html.Line($"<p>Each line is a finished trial, through its parameters and scores.</p>");
            ParallelCoordinatesChart.Write(html, part.Report, scores, colors);
            html.Line($"</section>");
        }

        foreach (ReportPart part in parts) WriteImportance(html, part, scores);
        WriteTrials(html, report, scores);
        html.Line($"</main><footer>All values are in nats per example.");
        html.Line($"Trials are ranked by scores that do not depend on β: β-weighted losses cannot be compared.</footer>");
        html.Line($"<script>{Script.Value}</script></body></html>");
        return html.ToString();
    }

    private static void WriteHead(HtmlBuilder html, SweepReport report)
    {
        SweepSummary summary = report.Summary;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script.Value.Markup)));
        html.Line($"<!DOCTYPE html>");
        html.Line(
            $"<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<meta name=\"color-scheme\" content=\"light dark\">");
        html.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; ");
        html.Line($"script-src 'sha256-{new RawHtml(hash)}'\">");
        html.Line($"<title>{summary.Name} · VaeCluster sweep</title><style>");
        html.Line($"{ReportStyle.Css}{Css.Value}</style></head><body>");
        html.Line($"<header><p class=\"brand\">VaeCluster sweep</p><h1>{summary.Name}</h1><p class=\"subtitle\">{report.Subtitle}</p>");
        html.Line($"<p><span class=\"status {(summary.Status == "finished" ? "good" : "other")}\">{summary.Status}</span></p></header>");
    }

    private static void WriteNumbers(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores)
    {
        SweepSummary summary = report.Summary;
        int Count(TrialStatus status) => summary.Trials.Count(trial => trial.Status == status);
        html.Line($"<section class=\"numbers\" aria-label=\"Key numbers\">");
        Number($"{Count(TrialStatus.Finished):#,0} of {summary.TotalTrials:#,0}", "Trials finished", "");
        if (Count(TrialStatus.StoppedEarly) is > 0 and var early) Number($"{early:#,0}", "Stopped early", "by the stopping rule");
        if (Count(TrialStatus.Failed) is > 0 and var failed) Number($"{failed:#,0}", "Failed", "see the table");
        foreach (TrialRecord best in summary.Trials.Where(summary.IsBest).Take(MostBest))
        {
            string which = summary.GroupOf(best) is { } group ? $" of group {group.Name}" : string.Empty;
            foreach (SweepObjective objective in summary.Objectives)
            {
                if (scores.FirstOrDefault(score => score.Name == objective.Name)?.Value(best) is { } value)
                    Number(ReportScore.Text(value), $"Best trial's {objective.Name}{which}",
                        objective.HigherIsBetter ? "higher is better" : "lower is better");
            }

            IEnumerable<string> settings = report.Parameters.Where(parameter => parameter.Text(best) is not null)
                .Select(parameter => $"{parameter.Name} {parameter.Text(best)}");
            Number($"{best.Index}", $"Best trial{which}", string.Join(", ", settings));
        }

        Number($"{summary.Steps:#,0}", "Steps", "of all trials");
        html.Line($"</section>");
        if (summary.NotComparable is { } reason)
        {
            html.Line($"<p class=\"note\">There is no best of all trials: {reason}.</p><ul>");
            foreach (TrialGroup group in summary.Groups.Take(MostGroups))
                html.Line($"<li>Group {group.Name}: {group.Basis} ({group.Trials.Count:#,0} trials)</li>");
            if (summary.Groups.Count > MostGroups) html.Line($"<li>and {summary.Groups.Count - MostGroups:#,0} more groups</li>");
            html.Line($"</ul>");
        }

        foreach (string note in report.Notes) html.Line($"<p class=\"note\">{note}</p>");

        void Number(string value, string label, string unit)
        {
            html.Add($"<div class=\"number\"><span class=\"what\">{label}</span><span class=\"value\">{value}</span>");
            html.Line($"<span class=\"unit\">{unit}</span></div>");
        }
    }

    private static void WritePlane(HtmlBuilder html, ReportPart part, IReadOnlyList<ReportScore> scores, TrialColors colors)
    {
        html.Line($"<section><h2>Rate–distortion plane{part.OfGroup}</h2>");
        html.Line($"<p>How much information about an image the latent carries (KL) and how well the decoder reconstructs it.");
        html.Line($"Lower left is better; β selects a point on the Pareto front.</p>");
        RateDistortionChart.Write(html, part.Report, scores, colors);
        html.Line($"</section>");
    }

    private static void WriteHeatMaps(HtmlBuilder html, ReportPart part, IReadOnlyList<ReportScore> scores)
    {
        SweepReport report = part.Report;
        if (scores.Count == 0 || HeatMapChart.Parameters(report.Parameters) is not var (across, down)) return;
        html.Line($"<section><h2>Scores over {across.Name} and {down.Name}{part.OfGroup}</h2>");
        html.Line($"<p>The mean over the finished trials of each pair of values; the best is framed.</p>");
        Tabs.Write(html, $"heat{part.Id}", [.. scores.Select(score => score.Name)], i =>
        {
            HeatMapChart.Write(html, report, scores[i], across, down);
            if (scores[i].Summary.Length > 0) html.Line($"<p class=\"note\">{scores[i].Summary}</p>");
        });
        html.Line($"</section>");
    }

    private static void WriteTraversals(HtmlBuilder html, SweepReport report)
    {
        if (report.Traversals.Count == 0) return;
        string objective = report.Summary.Objectives.Count > 0 ? report.Summary.Objectives[0].Name : "the first score";
        html.Line($"<section><h2>Latent traversals of the best trial of each β</h2>");
        html.Line($"<p>The best by {objective}. Each row varies one latent dimension from −3 to 3, highest KL first;");
        html.Line($"all others are fixed at the posterior mean of one example.</p>");
        html.Line($"<div class=\"strips\">");
        foreach (ReportImage image in report.Traversals)
        {
            html.Add($"<figure class=\"strip\"><figcaption><b>{image.Label}</b> <span>{image.Detail}</span></figcaption>");
            html.Add($"<img alt=\"{image.Description}\" width=\"{image.Raster.Width}\" height=\"{image.Raster.Height}\" ");
            html.Line($"src=\"{new RawHtml(PngWriter.ToDataUri(image.Raster))}\"></figure>");
        }

        html.Line($"</div></section>");
    }

    private static void WriteCurves(HtmlBuilder html, SweepReport report, TrialColors colors)
    {
        string[] sources = [.. report.Courses.Values.Select(course => course.Source).Distinct()];
        html.Line($"<section><h2>Training of all trials</h2>");
        if (sources.Length > 0) html.Line($"<p>Values of: {string.Join(", ", sources)}.</p>");
        html.Line($"<div class=\"charts three\">");
        TrialCurvesChart.Write(html, report, colors, "ELBO", "nats per example, β = 1, higher is better", point => point.Elbo);
        TrialCurvesChart.Write(html, report, colors, "Reconstruction", "nats per example, −log p(x|z)", point => point.Reconstruction);
        TrialCurvesChart.Write(html, report, colors, "KL", "nats per example, from the prior", point => point.Kl);
        html.Line($"</div><p class=\"legend\">");
        foreach ((string color, string text) in colors.Legend()) html.Add($"<span class=\"key {color}\">{text}</span>");
        html.Line($"</p></section>");
    }

    private static void WriteImportance(HtmlBuilder html, ReportPart part, IReadOnlyList<ReportScore> scores)
    {
        SweepReport report = part.Report;
        (ReportScore Score, IReadOnlyList<ParameterShare> Shares)[] known = [.. scores
            .Select(score => (score, ParameterImportance.Of(report.Parameters, score, report.Summary.Trials)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.score, pair.Item2!))];
        html.Line($"<section><h2>Importance of parameters{part.OfGroup}</h2>");
        if (known.Length == 0)
        {
            html.Add($"<p class=\"empty\">Needs at least {ParameterImportance.FewestTrials} finished trials ");
            html.Line($"with different values and scores.</p></section>");
            return;
        }

        html.Line($"<p>The share of a score's variance that each parameter explains by itself:");
        html.Line($"first-order functional ANOVA over a random forest of the finished trials.</p>");
        string[] names = [.. known.Select(pair => pair.Score.Name)];
        Tabs.Write(html, $"importance{part.Id}", names, i => ImportanceChart.Write(html, known[i].Shares));
        html.Line($"</section>");
    }

    private static void WriteTrials(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores)
    {
        html.Line($"<section><h2>Trials</h2><p>A number links to the trial's report; click a heading to sort.</p>");
        TrialTable.Write(html, report, scores);
        if (report.SweepFile.Length > 0)
            html.Line($"<details><summary>Sweep file with all defaults</summary><pre><code>{report.SweepFile}</code></pre></details>");
        html.Line($"</section>");
    }
}
