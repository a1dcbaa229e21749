using VaeCluster.Evaluation.Reports.Html;

namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>Draws the KL of each latent dimension as bars, highest first, with active units in colour.</summary>
internal static class KlBarChart
{
    /// <summary>The largest number of bars; more would be too thin.</summary>
    internal const int MostBars = 64;

    private const double Width = 940, Height = 240, Left = 46, Right = 10, Top = 26, Bottom = 30;

    /// <summary>Appends the chart.</summary>
    internal static void Write(HtmlBuilder html, IReadOnlyList<DimensionKl> dimensions)
    {
        DimensionKl[] shown = [.. dimensions.Where(d => double.IsFinite(d.Kl)).OrderByDescending(d => d.Kl).Take(MostBars)];
        if (shown.Length == 0) return;

        Axis y = Axis.Exactly(0, Math.Max(shown[0].Kl * 1.08, 0.05), 4);
        double slot = Math.Min((Width - Left - Right) / shown.Length, 80);
        double barWidth = Math.Max(slot * 0.72, 2);
        double plotHeight = Height - Top - Bottom;
        html.Line($"<div class=\"scroll\">");
        html.Line($"<svg class=\"bars\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"KL of each latent dimension\">");
        html.Line($"<text x=\"{Left}\" y=\"12\" class=\"label\">KL from the prior, nats per example</text>");
        foreach (double tick in y.Ticks())
        {
            double at = Height - Bottom - (y.Position(tick) * plotHeight);
            html.Line($"<path class=\"grid\" d=\"M{Left} {at:0.#}H{Width - Right}\"/>");
            html.Line($"<text x=\"{Left - 6}\" y=\"{at + 4:0.#}\" class=\"end\">{y.Label(tick)}</text>");
        }

        for (int i = 0; i < shown.Length; i++)
        {
            DimensionKl bar = shown[i];
            double height = Math.Max(y.Position(bar.Kl) * plotHeight, 1);
            double left = Left + (i * slot) + ((slot - barWidth) / 2);
            html.Add($"<rect class=\"{(bar.Active ? "active" : "silent")}\" x=\"{left:0.#}\" ");
            html.Line($"y=\"{Height - Bottom - height:0.#}\" width=\"{barWidth:0.#}\" height=\"{height:0.#}\">");
            html.Line($"<title>z{bar.Dimension}: {bar.Kl:0.000} nats, {(bar.Active ? "active" : "not active")}</title></rect>");
            if (slot >= 30 || i % 4 == 0)
                html.Line($"<text x=\"{left + (barWidth / 2):0.#}\" y=\"{Height - Bottom + 17}\" class=\"mid\">z{bar.Dimension}</text>");
        }

        html.Line($"</svg></div>");
        html.Line(
            $"<p class=\"legend\"><span class=\"key bar active\">active: Var(μ) &gt; 0.01</span>"
            + $"<span class=\"key bar silent\">not active</span></p>");
        if (dimensions.Count > shown.Length)
            html.Line($"<p class=\"note\">Showing the {shown.Length} of {dimensions.Count} dimensions with the highest KL.</p>");
    }
}
