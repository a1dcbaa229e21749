using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Reports.Importance;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>A bar chart of how much each parameter influences a score.</summary>
internal static class ImportanceChart
{
    /// <summary>Appends the chart.</summary>
    internal static void Write(HtmlBuilder html, IReadOnlyList<ParameterShare> shares)
    {
        html.Line($"<div class=\"shares\">");
        foreach (ParameterShare share in shares)
        {
            html.Add($"<span class=\"parameter\">{share.Name}</span><span class=\"share {(share.IsRest ? "silent" : "active")}\">");
            html.Line($"<i style=\"width:{share.Share * 100:0.#}%\"></i></span><span class=\"amount\">{share.Share * 100:0} %</span>");
        }

        html.Line($"</div>");
    }
}
