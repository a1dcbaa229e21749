using System.Globalization;
using VaeCluster.Evaluation.Reports.Html;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports.Charts;

/// <summary>
/// A heat map of the mean score of finished trials over the values of two parameters: β and latent size if both vary.
/// </summary>
internal static class HeatMapChart
{
    private const double Width = 940, Left = 92, Top = 30, Bottom = 40, CellHeight = 46, MostCellWidth = 132;

    // A continuous parameter is divided into this many bins with about equal numbers of trials.
    private const int Bins = 6;

    /// <summary>The two parameters, horizontal and vertical; null if fewer than two vary.</summary>
    internal static (ReportParameter Across, ReportParameter Down)? Parameters(IReadOnlyList<ReportParameter> parameters)
    {
        ReportParameter[] differing = [.. parameters.Where(parameter => parameter.Choices.Count != 1)];
        ReportParameter? across = differing.FirstOrDefault(parameter => parameter.Field == ReportParameter.BetaField)
            ?? differing.FirstOrDefault();
        ReportParameter? down = differing.FirstOrDefault(parameter => parameter.Field == ReportParameter.LatentField && parameter != across)
            ?? differing.FirstOrDefault(parameter => parameter != across);
        return across is null || down is null ? null : (across, down);
    }

    /// <summary>Appends the heat map of one score.</summary>
    internal static void Write(HtmlBuilder html, SweepReport report, ReportScore score, ReportParameter across, ReportParameter down)
    {
        TrialRecord[] trials = [.. report.Summary.Trials.Where(
            trial => trial.Status == TrialStatus.Finished && score.Value(trial) is not null)];
        (string[] columns, Func<TrialRecord, int?> column) = Places(across, trials);
        (string[] rows, Func<TrialRecord, int?> row) = Places(down, trials);
        var cells = trials.Where(trial => column(trial) is not null && row(trial) is not null)
            .GroupBy(trial => (Row: row(trial)!.Value, Column: column(trial)!.Value))
            .ToDictionary(group => group.Key, group => group.Select(trial => score.Value(trial)!.Value).ToArray());
        if (cells.Count == 0)
        {
            html.Line($"<p class=\"empty\">No finished trial has this score.</p>");
            return;
        }

        double[] means = [.. cells.Values.Select(values => values.Average())];
        double low = means.Min(), high = means.Max(), best = score.HigherIsBetter ? high : low;
        double cellWidth =
            Math.Min((Width - Left - 10) / columns.Length, MostCellWidth), height = Top + (rows.Length * CellHeight) + Bottom;
        html.Add($"<div class=\"scroll\"><svg class=\"heat\" viewBox=\"0 0 {Width} {height:0.#}\" role=\"img\" ");
        html.Line($"aria-label=\"{score.Name} over {across.Name} and {down.Name}\">");
        string direction = score.HigherIsBetter ? "higher is better" : "lower is better";
        html.Line($"<text x=\"{Left}\" y=\"14\" class=\"label\">{score.Name}: {direction}; stronger colour: higher</text>");
        for (int i = 0; i < rows.Length; i++)
            html.Line($"<text x=\"{Left - 10}\" y=\"{Top + ((i + 0.5) * CellHeight) + 4:0.#}\" class=\"end\">{down.Name} {rows[i]}</text>");
        for (int i = 0; i < columns.Length; i++)
        {
            html.Add($"<text x=\"{Left + ((i + 0.5) * cellWidth):0.#}\" y=\"{Top + (rows.Length * CellHeight) + 18:0.#}\" class=\"mid\">");
            html.Line($"{across.Name} {columns[i]}</text>");
        }

        foreach (((int r, int c), double[] values) in cells.OrderBy(cell => cell.Key))
        {
            double mean = values.Average(), strength = high > low ? (mean - low) / (high - low) : 0.5;
            double x = Left + (c * cellWidth), y = Top + (r * CellHeight);
            html.Add($"<rect class=\"cell{(mean.Equals(best) ? " best" : string.Empty)}\" x=\"{x + 1.5:0.#}\" y=\"{y + 1.5:0.#}\" ");
            html.Add($"width=\"{cellWidth - 3:0.#}\" height=\"{CellHeight - 3:0.#}\" rx=\"6\" ");
            html.Add($"fill-opacity=\"{0.1 + (0.85 * strength):0.###}\"><title>");
            html.Line($"{across.Name} {columns[c]}, {down.Name} {rows[r]}: {Spread(values)}</title></rect>");
            string weight = strength > 0.55 ? "mid strong" : "mid";
            html.Add($"<text x=\"{x + (cellWidth / 2):0.#}\" y=\"{y + (CellHeight / 2) + 5:0.#}\" class=\"{weight}\">");
            html.Line($"{ReportScore.Text(mean)}</text>");
        }

        html.Line($"</svg></div>");
    }

    private static string Spread(double[] values) => values.Length == 1
        ? $"{ReportScore.Text(values[0])}, 1 trial"
        : $"mean {ReportScore.Text(values.Average())} of {values.Length} trials, " +
            $"from {ReportScore.Text(values.Min())} to {ReportScore.Text(values.Max())}";

    private static (string[] Names, Func<TrialRecord, int?> Place) Places(ReportParameter parameter, TrialRecord[] trials)
    {
        if (parameter.Choices.Count > 0)
        {
            string[] choices = [.. parameter.Choices];
            return (choices, trial => parameter.Text(trial) is { } text ? Array.IndexOf(choices, text) : null);
        }

        double[] sorted = [.. trials.Select(trial => parameter.Number(trial)).OfType<double>().Order()];
        if (sorted.Length == 0) return ([], _ => null);
        double[] limits = [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[i * sorted.Length / Bins]).Distinct()];
        double[] ends = [sorted[0], .. limits, sorted[^1]];
        string[] names = [.. Enumerable.Range(0, limits.Length + 1).Select(i => $"{Rounded(ends[i])}–{Rounded(ends[i + 1])}")];
        return (names, trial => parameter.Number(trial) is { } number ? limits.Count(limit => number >= limit) : null);
    }

    private static string Rounded(double value) =>
        ReportParameter.TextOf(double.Parse(value.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
