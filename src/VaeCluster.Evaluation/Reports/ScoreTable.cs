using System.Globalization;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Evaluation.Reports;

/// <summary>The scores of a run as a table with value, parts and meaning.</summary>
internal static class ScoreTable
{
    /// <summary>Appends the section.</summary>
    internal static void Write(HtmlBuilder html, ScoreFile file)
    {
        html.Line(
            $"<section><h2>Scores</h2><p>Measured on these weights (step {file.Step:#,0}) with seed {file.Seed}. "
            + $"None of the scores depends on β.</p>");
        html.Line(
            $"<div class=\"scroll\"><table><thead><tr><th>Score</th><th class=\"amount\">Value</th><th>Meaning</th></tr></thead><tbody>");
        foreach ((string name, ScoreValue score) in file.Scores)
        {
            ScoreKind? kind = ScoreFamily.Find(name);
            html.Add($"<tr><td>{name}</td><td class=\"amount\">{Number(score.Value)}</td><td>{kind?.Summary}");
            if (kind is not null) html.Add($" <span class=\"parts\">({kind.Range})</span>");
            if (score.Parts.Count > 0) html.Add($"<br><span class=\"parts\">{Parts(score.Parts)}</span>");
            html.Line($"</td></tr>");
        }

        html.Line($"</tbody></table></div></section>");
    }

    private static string Parts(IReadOnlyDictionary<string, double> parts) =>
        string.Join(" · ", parts.Select(part => $"{part.Key} {Number(part.Value)}"));

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0.00" : "0.####", CultureInfo.InvariantCulture).Replace('-', '−');
}
