using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Evaluation.Reports.Metrics;

namespace VaeCluster.Evaluation.Reports;

/// <summary>
/// Renders a report as one self-contained HTML page: embedded images, no scripts, no external resources (its content security policy
/// forbids them), light or dark as the system prefers, readable from phone to wide screen.
/// </summary>
public static class ReportPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="content">The contents.</param>
    public static string Render(ReportContent content)
    {
        var html = new HtmlBuilder();
        html.Line($"<!DOCTYPE html>");
        html.Line(
            $"<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<meta name=\"color-scheme\" content=\"light dark\">");
        html.Line(
            $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">");
        html.Line($"<title>{content.Title} · VaeCluster</title><style>");
        html.Line($"{ReportStyle.Css}</style></head><body>");
        WriteHeader(html, content);
        html.Line($"<main>");
        WriteKeyNumbers(html, content.KeyNumbers);
        foreach (string note in content.Notes) html.Line($"<p class=\"note\">{note}</p>");
        WriteCurves(html, content.History);
        WriteDimensions(html, content);
        if (content.Scores is { } scores) ScoreTable.Write(html, scores);
        foreach (ReportFigure figure in content.Figures) WriteFigure(html, figure);
        WriteReproduction(html, content);
        html.Line(
            $"</main><footer>All values are in nats per example: sums over pixels and latents, means over examples.</footer>"
            + $"</body></html>");
        return html.ToString();
    }

    private static void WriteHeader(HtmlBuilder html, ReportContent content)
    {
        html.Line($"<header><p class=\"brand\">VaeCluster</p><h1>{content.Title}</h1>");
        html.Line($"<p class=\"subtitle\">{content.Subtitle}</p>");
        html.Line($"<p><span class=\"status {(content.Status == "finished" ? "good" : "other")}\">{content.Status}</span></p></header>");
    }

    private static void WriteKeyNumbers(HtmlBuilder html, IReadOnlyList<KeyNumber> numbers)
    {
        if (numbers.Count == 0) return;
        html.Line($"<section class=\"numbers\" aria-label=\"Key numbers\">");
        foreach (KeyNumber number in numbers)
        {
            html.Add($"<div class=\"number\"><span class=\"what\">{number.Label}</span><span class=\"value\">{number.Value}</span>");
            html.Line($"<span class=\"unit\">{number.Unit}</span></div>");
        }

        html.Line($"</section>");
    }

    private static void WriteCurves(HtmlBuilder html, MetricsHistory history)
    {
        html.Line($"<section><h2>Training</h2><div class=\"charts\">");
        WriteCurve(html, history, "ELBO", "nats per example, higher is better", point => point.Elbo);
        WriteCurve(html, history, "Loss", "nats per example, the training objective", point => point.Loss);
        WriteCurve(html, history, "Reconstruction", "nats per example, −log p(x|z)", point => point.Reconstruction);
        WriteCurve(html, history, "KL", "nats per example, from the prior", point => point.Kl);
        html.Line($"</div></section>");
    }

    private static void WriteCurve(HtmlBuilder html, MetricsHistory history, string title, string yLabel, Func<MetricsPoint, double> value)
    {
        ChartPoint[] Points(IReadOnlyList<MetricsPoint> points) => [.. points.Select(point => new ChartPoint(point.Step, value(point)))];
        LineChartSvg.Write(html, new LineChart(title, yLabel, "step",
        [
            new ChartSeries("step", 1, SeriesStyle.Faint, Points(history.Steps)),
            new ChartSeries("epoch mean", 1, SeriesStyle.Line, Points(history.Epochs)),
            new ChartSeries("validation", 2, SeriesStyle.Dots, Points(history.Validation)),
            new ChartSeries("test", 3, SeriesStyle.Dots, Points(history.Test)),
        ]));
    }

    private static void WriteDimensions(HtmlBuilder html, ReportContent content)
    {
        if (content.Dimensions.Count == 0) return;
        int active = content.Dimensions.Count(dimension => dimension.Active);
        html.Add($"<section><h2>Latent dimensions</h2><p>{active} of {content.Dimensions.Count} dimensions are active");
        if (content.DimensionsSource is not null) html.Add($", evaluated on {content.DimensionsSource}");
        html.Line($".</p>");
        if (content.Dimensions.All(dimension => double.IsNaN(dimension.Kl)))
        {
            html.Line($"<p>The KL of this posterior from this prior has no closed form.");
            html.Line($"It is estimated as a whole, so it has no parts by dimension.</p></section>");
            return;
        }

        KlBarChart.Write(html, content.Dimensions);
        html.Line($"</section>");
    }

    private static void WriteFigure(HtmlBuilder html, ReportFigure figure)
    {
        html.Line($"<section><h2>{figure.Title}</h2><p>{figure.Caption}</p>");
        foreach (ReportImage image in figure.Images) WriteImage(html, image);
        if (figure.Folded.Count > 0)
        {
            html.Line($"<details><summary>{figure.FoldedTitle}</summary>");
            foreach (ReportImage image in figure.Folded) WriteImage(html, image);
            html.Line($"</details>");
        }

        html.Line($"</section>");
    }

    private static void WriteImage(HtmlBuilder html, ReportImage image)
    {
        html.Add($"<div class=\"picture\">");
        if (image.Label is not null) html.Add($"<p class=\"tag\"><b>{image.Label}</b> <span>{image.Detail}</span></p>");
        html.Add($"<img alt=\"{image.Description}\" width=\"{image.Raster.Width}\" height=\"{image.Raster.Height}\" ");
        html.Line($"src=\"{new RawHtml(PngWriter.ToDataUri(image.Raster))}\"></div>");
    }

    private static void WriteReproduction(HtmlBuilder html, ReportContent content)
    {
        html.Line($"<section><h2>Reproduce</h2>");
        if (content.Commands.Count > 0)
        {
            html.Line($"<p>The same run file gives exactly the same weights, bit for bit, with any number of workers and threads.</p>");
            html.Line($"<pre><code>{string.Join('\n', content.Commands)}</code></pre>");
        }

        html.Line($"<dl>");
        if (content.WeightsSha256 is not null) html.Line($"<dt>Weights, SHA-256</dt><dd><code>{content.WeightsSha256}</code></dd>");
        foreach ((string name, string value) in content.Facts) html.Line($"<dt>{name}</dt><dd>{value}</dd>");
        html.Line($"</dl>");
        if (content.RunFile.Length > 0)
        {
            html.Line($"<details open><summary>Run file with all defaults filled in</summary>");
            html.Line($"<pre><code>{content.RunFile}</code></pre></details>");
        }

        html.Line($"</section>");
    }
}
