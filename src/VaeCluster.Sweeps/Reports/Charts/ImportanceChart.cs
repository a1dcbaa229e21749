using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Reports.Importance;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>How much each parameter matters to a score, as bars.</summary>
internal static class ImportanceChart
{
    private const double Width = 940, Left = 190, Right = 70, Row = 30, Top = 8;

    /// <summary>Appends the chart.</summary>
    internal static void Write(HtmlBuilder html, IReadOnlyList<ParameterShare> shares)
    {
        double height = Top + (shares.Count * Row) + 8, widest = Width - Left - Right;
        html.Line($"<div class=\"scroll\"><svg class=\"importance\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Importance of parameters\">");
        for (int i = 0; i < shares.Count; i++)
        {
            double y = Top + (i * Row), width = Math.Max(shares[i].Share * widest, 1);
            html.Line($"<text x=\"{Left - 10}\" y=\"{y + 19:0.#}\" class=\"end\">{shares[i].Name}</text>");
            html.Line($"<rect class=\"{(shares[i].IsRest ? "silent" : "active")}\" x=\"{Left}\" y=\"{y + 5:0.#}\" width=\"{width:0.#}\" height=\"{Row - 10}\" rx=\"4\"/>");
            html.Line($"<text x=\"{Left + width + 8:0.#}\" y=\"{y + 19:0.#}\">{shares[i].Share * 100:0} %</text>");
        }

        html.Line($"</svg></div>");
    }
}
