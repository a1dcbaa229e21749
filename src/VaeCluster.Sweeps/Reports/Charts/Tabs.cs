using VaeCluster.Evaluation.Reports.Html;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>Panels of which one is shown, chosen by buttons; without a script, by the style sheet alone.</summary>
internal static class Tabs
{
    /// <summary>At most so many panels: the style sheet knows no more.</summary>
    internal const int Most = 24;

    /// <summary>Appends the buttons and the panels.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="id">A name of the group, of letters, its own on the page.</param>
    /// <param name="names">Names of the panels.</param>
    /// <param name="write">Appends one panel.</param>
    internal static void Write(HtmlBuilder html, string id, IReadOnlyList<string> names, Action<int> write)
    {
        int count = Math.Min(names.Count, Most);
        html.Line($"<div class=\"tabs\">");
        for (int i = 0; i < count; i++)
        {
            html.Add($"<input type=\"radio\" name=\"{id}\" id=\"{id}-{i}\"{new RawHtml(i == 0 ? " checked" : string.Empty)}>");
            html.Line($"<label for=\"{id}-{i}\">{names[i]}</label>");
        }

        html.Line($"<div class=\"panels\">");
        for (int i = 0; i < count; i++)
        {
            html.Line($"<div class=\"panel\">");
            write(i);
            html.Line($"</div>");
        }

        html.Line($"</div></div>");
    }
}
