using System.Globalization;
using System.Text;
using VaeCluster.Evaluation.Reports.Html;

namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>Draws a <see cref="LineChart"/> as inline SVG; colours come from the page's style sheet.</summary>
internal static class LineChartSvg
{
    private const double Width = 460, Height = 270, Left = 52, Right = 14, Top = 26, Bottom = 42;
    private const double PlotWidth = Width - Left - Right, PlotHeight = Height - Top - Bottom;

    /// <summary>
    /// The initial fraction of the steps that does not determine the vertical axis, so that the steep start does not flatten the curve.
    /// </summary>
    private const double Transient = 0.12;

    /// <summary>Appends the chart, or a line of text if there is nothing to draw.</summary>
    internal static void Write(HtmlBuilder html, LineChart chart)
    {
        ChartSeries[] series =
            [.. chart.Series.Select(s => s with { Points = Thinning.KeepExtremes(s.Points) }).Where(s => s.Points.Count > 0)];
        html.Line($"<figure class=\"chart\"><figcaption>{chart.Title}</figcaption>");
        if (series.Length == 0)
            html.Line($"<p class=\"empty\">No values recorded.</p>");
        else
            WriteSvg(html, chart, series);
        html.Line($"</figure>");
    }

    private static void WriteSvg(HtmlBuilder html, LineChart chart, ChartSeries[] series)
    {
        Axis x = Axis.Exactly(0, series.Max(s => s.Points[^1].X), 6);
        Axis y = VerticalAxis(series, x.Max * Transient);
        html.Line($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{chart.Title}: {chart.YLabel} over {chart.XLabel}\">");
        foreach (double tick in y.Ticks())
        {
            double at = ToY(y, tick);
            html.Line($"<path class=\"grid\" d=\"M{Left} {at:0.#}H{Width - Right}\"/>");
            html.Line($"<text x=\"{Left - 6}\" y=\"{at + 4:0.#}\" class=\"end\">{y.Label(tick)}</text>");
        }

        foreach (double tick in x.Ticks())
            html.Line($"<text x=\"{ToX(x, tick):0.#}\" y=\"{Height - Bottom + 17}\" class=\"mid\">{x.Label(tick)}</text>");
        html.Line($"<path class=\"axis\" d=\"M{Left} {Height - Bottom}H{Width - Right}\"/>");
        html.Line($"<text x=\"{Left}\" y=\"12\" class=\"label\">{chart.YLabel}</text>");
        html.Line($"<text x=\"{Width - Right}\" y=\"{Height - 6}\" class=\"end label\">{chart.XLabel}</text>");

        // An inner svg clips the curves at the edge of the plot.
        html.Line(
            $"<svg x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\" "
            + $"viewBox=\"{Left} {Top} {PlotWidth} {PlotHeight}\">");
        foreach (ChartSeries s in series) html.Line($"<path class=\"{ClassOf(s.Style)} c{s.Color}\" d=\"{Path(s.Points, x, y)}\"/>");
        html.Line($"</svg>");
        foreach (ChartSeries s in series.Where(s => s.Style == SeriesStyle.Dots)) WriteDots(html, s, x, y);
        html.Line($"</svg>");
        WriteLegend(html, series);
    }

    private static void WriteDots(HtmlBuilder html, ChartSeries series, Axis x, Axis y)
    {
        foreach (ChartPoint point in series.Points.Where(point => y.Position(point.Y) is >= 0 and <= 1))
        {
            html.Add($"<circle class=\"c{series.Color}\" cx=\"{ToX(x, point.X):0.#}\" cy=\"{ToY(y, point.Y):0.#}\" r=\"3\">");
            html.Line($"<title>{series.Name}, step {point.X:0}: {point.Y:0.00}</title></circle>");
        }
    }

    private static void WriteLegend(HtmlBuilder html, ChartSeries[] series)
    {
        html.Add($"<p class=\"legend\">");
        foreach (ChartSeries s in series) html.Add($"<span class=\"key {ClassOf(s.Style)} c{s.Color}\">{s.Name}</span>");
        html.Line($"</p>");
    }

    // The initial transient is ignored unless there are no later values.
    private static Axis VerticalAxis(ChartSeries[] series, double transientEnd)
    {
        double[] values = [.. series.SelectMany(s => s.Points.Where(p => p.X > transientEnd)).Select(p => p.Y)];
        if (values.Length == 0) values = [.. series.SelectMany(s => s.Points).Select(p => p.Y)];
        return Axis.Around(values.Min(), values.Max(), 5);
    }

    private static string Path(IReadOnlyList<ChartPoint> points, Axis x, Axis y)
    {
        var path = new StringBuilder();
        for (int i = 0; i < points.Count; i++)
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{ToX(x, points[i].X):0.#} {Limit(ToY(y, points[i].Y)):0.#}");
        return path.ToString();
    }

    private static double ToX(Axis axis, double value) => Left + (axis.Position(value) * PlotWidth);

    private static double ToY(Axis axis, double value) => Top + ((1 - axis.Position(value)) * PlotHeight);

    // Renderers lose precision far outside the visible area.
    private static double Limit(double y) => Math.Clamp(y, -Height, 2 * Height);

    private static string ClassOf(SeriesStyle style) => style switch
    {
        SeriesStyle.Faint => "faint",
        SeriesStyle.Line => "line",
        _ => "dots",
    };
}
