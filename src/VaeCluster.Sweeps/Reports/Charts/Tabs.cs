using VaeCluster.Evaluation.Reports.Html;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>Tabs, implemented with radio buttons and CSS only.</summary>
internal static class Tabs
{
    /// <summary>The largest number of panels, limited by the rules in the style sheet; further ones are omitted.</summary>
    internal const int Most = 24;

    /// <summary>Appends the buttons and the panels.</summary>
    /// <param name="html">The destination.</param>
    /// <param name="id">The name of the group: letters only, unique on the page.</param>
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
