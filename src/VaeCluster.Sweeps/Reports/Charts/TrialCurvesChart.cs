using System.Globalization;
using System.Text;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>The curves of one metric over steps, for all trials.</summary>
internal static class TrialCurvesChart
{
    private const double Width = 460, Height = 270, Left = 52, Right = 14, Top = 26, Bottom = 42;
    private const double PlotWidth = Width - Left - Right, PlotHeight = Height - Top - Bottom;

    /// <summary>Share of the first steps ignored when choosing the y axis, because their large values would flatten the rest.</summary>
    private const double Transient = 0.12;

    /// <summary>Appends the chart.</summary>
    internal static void Write(
        HtmlBuilder html, SweepReport report, TrialColors colors, string title, string yLabel, Func<MetricsPoint, double> value)
    {
        (TrialRecord Trial, ChartPoint[] Points)[] curves = [.. report.Summary.Trials
            .Where(trial => report.Courses.ContainsKey(trial.Index))
            .Select(trial => (trial, Points(report.Courses[trial.Index], value)))
            .Where(curve => curve.Item2.Length > 1)];
        html.Line($"<figure class=\"chart\"><figcaption>{title}</figcaption>");
        if (curves.Length == 0) html.Line($"<p class=\"empty\">No values recorded.</p>");
        else WriteSvg(html, colors, title, yLabel, curves);
        html.Line($"</figure>");
    }

    private static void WriteSvg(
        HtmlBuilder html, TrialColors colors, string title, string yLabel, (TrialRecord Trial, ChartPoint[] Points)[] curves)
    {
        Axis x = Axis.Exactly(0, curves.Max(curve => curve.Points[^1].X), 6);
        double[] late = [.. curves.SelectMany(curve => curve.Points).Where(point => point.X > x.Max * Transient).Select(point => point.Y)];
        if (late.Length == 0) late = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Y)];
        Axis y = Axis.Around(late.Min(), late.Max(), 5);
        // No space below 0 if no value is negative.
        if (late.Min() >= 0 && y.Min < 0) y = Axis.Exactly(0, y.Max, 5);
        html.Line($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title} of all trials: {yLabel} over steps\">");
        foreach (double tick in y.Ticks())
        {
            double at = ToY(y, tick);
            html.Line($"<path class=\"grid\" d=\"M{Left} {at:0.#}H{Width - Right}\"/>");
            html.Line($"<text x=\"{Left - 6}\" y=\"{at + 4:0.#}\" class=\"end\">{y.Label(tick)}</text>");
        }

        foreach (double tick in x.Ticks())
            html.Line($"<text x=\"{ToX(x, tick):0.#}\" y=\"{Height - Bottom + 17}\" class=\"mid\">{x.Label(tick)}</text>");
        html.Line($"<path class=\"axis\" d=\"M{Left} {Height - Bottom}H{Width - Right}\"/>");
        html.Line($"<text x=\"{Left}\" y=\"12\" class=\"label\">{yLabel}</text>");
        html.Line($"<text x=\"{Width - Right}\" y=\"{Height - 6}\" class=\"end label\">step</text>");
        html.Add($"<svg x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\" ");
        html.Line($"viewBox=\"{Left} {Top} {PlotWidth} {PlotHeight}\">");
        foreach ((TrialRecord trial, ChartPoint[] points) in curves)
        {
            html.Add($"<path class=\"curve {colors.ClassOf(trial)}\" data-trial=\"{trial.Index}\" d=\"{Path(points, x, y)}\">");
            html.Line($"<title>trial {trial.Index}</title></path>");
        }

        html.Line($"</svg></svg>");
    }

    private static ChartPoint[] Points(TrialCourse course, Func<MetricsPoint, double> value) =>
        [.. course.Points.Select(point => new ChartPoint(point.Step, value(point))).Where(point => double.IsFinite(point.Y))];

    private static string Path(ChartPoint[] points, Axis x, Axis y)
    {
        var path = new StringBuilder();
        for (int i = 0; i < points.Length; i++)
        {
            // Renderers lose precision far outside the view.
            double at = Math.Clamp(ToY(y, points[i].Y), -Height, 2 * Height);
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{ToX(x, points[i].X):0.#} {at:0.#}");
        }

        return path.ToString();
    }

    private static double ToX(Axis axis, double value) => Left + (axis.Position(value) * PlotWidth);

    private static double ToY(Axis axis, double value) => Top + ((1 - axis.Position(value)) * PlotHeight);
}
