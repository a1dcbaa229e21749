using System.Globalization;
using System.Text;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>Parallel coordinates: each finished trial is a line through one axis per parameter and score.</summary>
internal static class ParallelCoordinatesChart
{
    private const double Width = 940, Height = 370, Left = 50, Right = 60, Top = 60, Bottom = 22;

    // With more axes the labels would overlap.
    private const int MostAxes = 12;

    /// <summary>Appends the chart.</summary>
    internal static void Write(HtmlBuilder html, SweepReport report, IReadOnlyList<ReportScore> scores, TrialColors colors)
    {
        TrialRecord[] trials = [.. report.Summary.Trials.Where(trial => trial.Status == TrialStatus.Finished)];
        Line[] axes = [.. report.Parameters.Where(parameter => parameter.Choices.Count != 1).Select(Of)
            .Concat(scores.Select(score => Of(score, trials)).OfType<Line>()).Take(MostAxes)];
        if (trials.Length == 0 || axes.Length < 2)
        {
            html.Line($"<p class=\"empty\">Needs at least two axes and one finished trial.</p>");
            return;
        }

        html.Add($"<div class=\"scroll\"><svg class=\"parallel\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" ");
        html.Line($"aria-label=\"Parallel coordinates of {trials.Length} trials\">");
        foreach (TrialRecord trial in trials)
        {
            string best = report.Summary.IsBest(trial) ? " best" : string.Empty;
            html.Add($"<path class=\"curve{best} {colors.ClassOf(trial)}\" data-trial=\"{trial.Index}\" d=\"{Path(trial, axes)}\">");
            html.Line($"<title>{TrialTip.Of(trial, report, scores)}</title></path>");
        }

        for (int i = 0; i < axes.Length; i++)
        {
            double x = ToX(i, axes.Length);
            html.Line($"<path class=\"axis\" d=\"M{x:0.#} {Top}V{Height - Bottom}\"/>");
            html.Line($"<text x=\"{x:0.#}\" y=\"{Top - (i % 2 == 0 ? 38 : 18)}\" class=\"mid name\">{axes[i].Name}</text>");
            foreach ((double position, string text) in axes[i].Ticks)
                html.Line($"<text x=\"{x + 5:0.#}\" y=\"{ToY(position) + 4:0.#}\" class=\"tick\">{text}</text>");
        }

        html.Line($"</svg></div>");
        html.Add($"<p class=\"legend\">");
        foreach ((string color, string text) in colors.Legend()) html.Add($"<span class=\"key {color}\">{text}</span>");
        string more = axes.Length == MostAxes ? "; further axes are omitted" : string.Empty;
        html.Line($"</p><p class=\"note\">Higher values are further up; the thick line is the best trial{more}.</p>");
    }

    private static Line Of(ReportParameter parameter)
    {
        int last = Math.Max(1, parameter.Choices.Count - 1);
        (double, string)[] ticks = parameter.Choices.Count > 0
            ? [.. parameter.Choices.Select((choice, i) => ((double)i / last, choice))]
            : [(0, ReportParameter.TextOf(parameter.Min)), (1, ReportParameter.TextOf(parameter.Max))];
        return new Line(parameter.Name, parameter.Position, ticks);
    }

    private static Line? Of(ReportScore score, TrialRecord[] trials)
    {
        double[] values = [.. trials.Select(score.Value).OfType<double>()];
        if (values.Length == 0) return null;
        double low = values.Min(), high = values.Max();
        return high > low
            ? new Line(
                score.Name, trial => (score.Value(trial) - low) / (high - low), [(0, ReportScore.Text(low)), (1, ReportScore.Text(high))])
            : new Line(score.Name, trial => score.Value(trial) is null ? null : 0.5, [(0.5, ReportScore.Text(low))]);
    }

    // The line has a gap where the trial has no value.
    private static string Path(TrialRecord trial, Line[] axes)
    {
        var path = new StringBuilder();
        bool drawing = false;
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i].Position(trial) is not { } position)
            {
                drawing = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{ToX(i, axes.Length):0.#} {ToY(position):0.#}");
            drawing = true;
        }

        return path.ToString();
    }

    private static double ToX(int axis, int count) => Left + ((Width - Left - Right) * axis / (count - 1));

    private static double ToY(double position) => Top + ((1 - position) * (Height - Top - Bottom));

    /// <summary>An axis: the position of each trial from 0 to 1, and the tick labels.</summary>
    private sealed record Line(string Name, Func<TrialRecord, double?> Position, (double Position, string Text)[] Ticks);
}
