using System.Globalization;
using System.Text;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>
/// The rate–distortion plane: KL against reconstruction, with the Pareto front, and through the best trial of each β the line of
/// constant reconstruction + β·KL, which is a tangent where the front is convex.
/// </summary>
internal static class RateDistortionChart
{
    private const double Width = 940, Height = 470, Left = 58, Right = 24, Top = 30, Bottom = 46;
    private const double PlotWidth = Width - Left - Right, PlotHeight = Height - Top - Bottom;

    /// <summary>Half the length of a tangent.</summary>
    private const double Reach = 74;

    private const int MostLines = 12;

    /// <summary>Appends the chart, or a line of text if no trial has both values.</summary>
    internal static void Write(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores, TrialColors colors)
    {
        Place[] places = [.. Places(report.Summary)];
        if (places.Length == 0)
        {
            html.Line($"<p class=\"empty\">No trial with KL and reconstruction has ended yet.</p>");
            return;
        }

        Axis x = Axis.Around(places.Min(place => place.Rate), places.Max(place => place.Rate), 8);
        Axis y = Axis.Around(places.Min(place => place.Distortion), places.Max(place => place.Distortion), 6);
        html.Add($"<div class=\"scroll\"><svg class=\"plane\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" ");
        html.Line($"aria-label=\"Rate-distortion plane\">");
        WriteAxes(html, x, y);
        Place[] front = [.. Front(places.Where(place => place.Trial.Status == TrialStatus.Finished))];
        html.Line($"<path class=\"front\" d=\"{Path(front, x, y)}\"/>");
        (double Beta, Place Place)[] best = [.. BestOfEachBeta(report, places)];
        // With many values of β, as in a random search, lines would hide the points.
        if (best.Length > MostLines) best = [];
        WriteLines(html, best, x, y);
        foreach (Place place in places)
        {
            string kind = place.Trial.Status == TrialStatus.Finished ? "dot" : "dot early";
            html.Add($"<circle class=\"{kind} {colors.ClassOf(place.Trial)}\" data-trial=\"{place.Trial.Index}\" ");
            html.Add($"cx=\"{ToX(x, place.Rate):0.#}\" cy=\"{ToY(y, place.Distortion):0.#}\" r=\"{Radius(report, place.Trial):0.#}\">");
            html.Line($"<title>{TrialTip.Of(place.Trial, report, scores)}</title></circle>");
        }

        WriteLabels(html, best, places, x, y);
        html.Line($"</svg></div>");
        WriteLegend(html, report, colors, places, withLines: best.Length > 0);
    }

    /// <summary>The Pareto front, by increasing rate.</summary>
    internal static IEnumerable<Place> Front(IEnumerable<Place> places)
    {
        double least = double.PositiveInfinity;
        foreach (Place place in places.OrderBy(place => place.Rate).ThenBy(place => place.Distortion))
        {
            if (place.Distortion >= least) continue;
            least = place.Distortion;
            yield return place;
        }
    }

    /// <summary>The ended trials with finite KL and reconstruction.</summary>
    internal static IEnumerable<Place> Places(SweepSummary summary)
    {
        foreach (TrialRecord trial in summary.Trials.Where(trial => trial.Status is TrialStatus.Finished or TrialStatus.StoppedEarly))
        {
            if (trial.Scores.TryGetValue("kl", out double rate) && trial.Scores.TryGetValue("reconstruction", out double distortion)
                && double.IsFinite(rate) && double.IsFinite(distortion))
                yield return new Place(trial, rate, distortion);
        }
    }

    /// <summary>The finished trial of each β with the lowest reconstruction + β·KL.</summary>
    internal static IEnumerable<(double Beta, Place Place)> BestOfEachBeta(SweepReport report, IEnumerable<Place> places)
    {
        ReportParameter? beta = report.Parameters.FirstOrDefault(parameter => parameter.Field == ReportParameter.BetaField);
        if (beta is null) return [];
        return places.Where(place => place.Trial.Status == TrialStatus.Finished && beta.Number(place.Trial) is not null)
            .GroupBy(place => beta.Number(place.Trial)!.Value)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.MinBy(place => place.Distortion + (group.Key * place.Rate))!));
    }

    private static void WriteAxes(HtmlBuilder html, Axis x, Axis y)
    {
        foreach (double tick in y.Ticks())
        {
            double at = ToY(y, tick);
            html.Line($"<path class=\"grid\" d=\"M{Left} {at:0.#}H{Width - Right}\"/>");
            html.Line($"<text x=\"{Left - 6}\" y=\"{at + 4:0.#}\" class=\"end\">{y.Label(tick)}</text>");
        }

        foreach (double tick in x.Ticks())
        {
            double at = ToX(x, tick);
            html.Line($"<path class=\"grid\" d=\"M{at:0.#} {Top}V{Height - Bottom}\"/>");
            html.Line($"<text x=\"{at:0.#}\" y=\"{Height - Bottom + 17}\" class=\"mid\">{x.Label(tick)}</text>");
        }

        html.Line($"<path class=\"axis\" d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\"/>");
        html.Line($"<text x=\"{Left}\" y=\"14\" class=\"label\">distortion: reconstruction −log p(x|z), nats per example</text>");
        html.Line($"<text x=\"{Width - Right}\" y=\"{Height - 6}\" class=\"end label\">rate: KL from the prior, nats per example</text>");
    }

    // Lines of constant D + βR, whose slope is −β.
    private static void WriteLines(HtmlBuilder html, (double Beta, Place Place)[] best, Axis x, Axis y)
    {
        html.Add($"<svg x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\" ");
        html.Line($"viewBox=\"{Left} {Top} {PlotWidth} {PlotHeight}\">");
        foreach ((double beta, Place place) in best)
        {
            (double dx, double dy) = Direction(beta, x, y);
            double atX = ToX(x, place.Rate), atY = ToY(y, place.Distortion);
            html.Line($"<path class=\"tangent\" d=\"M{atX - dx:0.#} {atY - dy:0.#}L{atX + dx:0.#} {atY + dy:0.#}\"/>");
        }

        html.Line($"</svg>");
    }

    private static void WriteLabels(HtmlBuilder html, (double Beta, Place Place)[] best, Place[] places, Axis x, Axis y)
    {
        List<(double X, double Y)> taken = [.. places.Select(place => (ToX(x, place.Rate), ToY(y, place.Distortion) + 4))];
        foreach ((double beta, Place place) in best)
        {
            (double dx, double dy) = Direction(beta, x, y);
            (double labelX, double labelY) = FreePlace(taken, ToX(x, place.Rate), ToY(y, place.Distortion), dx, dy);
            html.Line($"<text class=\"mid beta\" x=\"{labelX:0.#}\" y=\"{labelY:0.#}\">β {ReportParameter.TextOf(beta)}</text>");
        }
    }

    // Tries positions near the point and the ends of its line, and avoids points and other labels.
    private static (double X, double Y) FreePlace(List<(double X, double Y)> taken, double x, double y, double dx, double dy)
    {
        (double X, double Y)[] candidates =
        [
            (x - dx, y - dy - 4), (x - dx - 18, y - dy + 14), (x + dx + 8, y + dy + 18), (x, y + 24), (x - 26, y + 18),
            (x - dx, y - dy + 26),
            (x + dx + 24, y + dy + 34), (x, y + 40), (x, y - 20),
        ];
        (double X, double Y)[] inside = [.. candidates.Select(place =>
            (Math.Clamp(place.X, Left + 20, Width - Right - 20), Math.Clamp(place.Y, Top + 12, Height - Bottom - 6)))];
        (double X, double Y) free = inside.FirstOrDefault(
            place => taken.TrueForAll(other => Math.Abs(other.X - place.X) > 30 || Math.Abs(other.Y - place.Y) > 14), inside[0]);
        taken.Add(free);
        return free;
    }

    private static (double X, double Y) Direction(double beta, Axis x, Axis y)
    {
        double dx = PlotWidth / (x.Max - x.Min), dy = beta * PlotHeight / (y.Max - y.Min);
        double length = Math.Sqrt((dx * dx) + (dy * dy));
        return (dx / length * Reach, dy / length * Reach);
    }

    // Larger latent sizes are larger dots.
    private static double Radius(SweepReport report, TrialRecord trial)
    {
        ReportParameter? latent = report.Parameters.FirstOrDefault(parameter => parameter.Field == ReportParameter.LatentField);
        return latent?.Position(trial) is { } position && latent.Choices.Count != 1 ? 4.5 + (4.5 * position) : 6;
    }

    private static void WriteLegend(HtmlBuilder html, SweepReport report, TrialColors colors, Place[] places, bool withLines)
    {
        html.Add($"<p class=\"legend\">");
        foreach ((string color, string text) in colors.Legend()) html.Add($"<span class=\"key dots {color}\">{text}</span>");
        html.Add($"<span class=\"key front\">Pareto front of finished trials</span>");
        if (withLines) html.Add($"<span class=\"key tangent\">reconstruction + β·KL constant, through the best trial of β</span>");
        html.Line($"</p>");
        string hint = report.Parameters.Any(parameter => parameter.Field == ReportParameter.LatentField && parameter.Choices.Count != 1)
            ? "Larger dots: more latents. " : string.Empty;
        if (places.Any(place => place.Trial.Status != TrialStatus.Finished)) hint += "Hollow dots: stopped early (last evaluation).";
        if (hint.Length > 0) html.Line($"<p class=\"note\">{hint}</p>");
    }

    private static string Path(Place[] places, Axis x, Axis y)
    {
        var path = new StringBuilder();
        for (int i = 0; i < places.Length; i++)
            path.Append(
                CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{ToX(x, places[i].Rate):0.#} {ToY(y, places[i].Distortion):0.#}");
        return path.ToString();
    }

    private static double ToX(Axis axis, double value) => Left + (axis.Position(value) * PlotWidth);

    private static double ToY(Axis axis, double value) => Top + ((1 - axis.Position(value)) * PlotHeight);

    /// <summary>A trial and its position in the plane.</summary>
    internal sealed record Place(TrialRecord Trial, double Rate, double Distortion);
}
