using System.Globalization;
using System.Text.Json;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Sweeps;

/// <summary>Trials and sweeps for people.</summary>
internal static class SweepText
{
    // One line has no room for more; the table has all.
    private const int MostGroups = 4;

    private static readonly string[] Standard = ["elbo", "reconstruction", "kl", "active-units"];

    /// <summary>A sweep in one line.</summary>
    internal static string Headline(SweepSummary summary)
    {
        int ended = summary.Trials.Count(trial => trial.Status is TrialStatus.Finished or TrialStatus.StoppedEarly or TrialStatus.Failed);
        string counts = string.Create(CultureInfo.InvariantCulture, $"{ended} of {summary.TotalTrials} trials ended");
        if (summary.Count(TrialStatus.StoppedEarly) is > 0 and var stopped)
            counts += string.Create(CultureInfo.InvariantCulture, $", {stopped} of them early");
        if (summary.Count(TrialStatus.Failed) is > 0 and var failed)
            counts += string.Create(CultureInfo.InvariantCulture, $", {failed} failed");
        counts += string.Create(CultureInfo.InvariantCulture, $", {summary.Steps:#,0} steps");
        if (summary.NotComparable is { } reason) counts += $"; {reason}";
        if (summary.Best is { } best) counts += $"; best {Best(summary, best)}";
        foreach (TrialGroup group in summary.Groups.Take(MostGroups))
            if (group.Best is { } own) counts += $"; best of group {group.Name} ({group.Basis}): {Best(summary, own)}";
        if (summary.Front.Count > 0 && summary.Objectives.Count > 1) counts += $"; front: {string.Join(", ", summary.Front)}";
        return counts;
    }

    private static string Best(SweepSummary summary, int index)
    {
        TrialRecord record = summary.Trials.First(trial => trial.Index == index);
        string objective = summary.Objectives[0].Name;
        return string.Create(CultureInfo.InvariantCulture,
            $"{objective} {Number(record.Scores[objective])}: trial {index} ({Setting(record)})");
    }

    /// <summary>The setting of a trial: <c>beta 4, latent 10, seed 1</c>.</summary>
    internal static string Setting(TrialRecord trial) =>
        string.Join(", ", trial.Parameters.Select(parameter => $"{Short(parameter.Key)} {Text(parameter.Value)}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"seed {trial.Seed}")));

    /// <summary>A table with a line a trial, below a line of headings.</summary>
    internal static IEnumerable<string> Table(SweepSummary summary)
    {
        string[][] rows = [Headings(summary), .. summary.Trials.Select(trial => Row(summary, trial))];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ",
            row.Select((cell, column) => column == row.Length - 1 ? cell : cell.PadLeft(widths[column]))));
    }

    /// <summary>The headings of <see cref="Row"/>.</summary>
    internal static string[] Headings(SweepSummary summary) =>
    [
        "trial", .. GroupCell(summary, "group"), .. Fields(summary).Select(Short), "seed", "steps",
        .. Scores(summary).Select(Abbreviation), "status",
    ];

    /// <summary>A trial, cell by cell.</summary>
    internal static string[] Row(SweepSummary summary, TrialRecord trial) =>
    [
        trial.Index.ToString(CultureInfo.InvariantCulture),
        .. GroupCell(summary, summary.GroupOf(trial)?.Name ?? "–"),
        .. Fields(summary).Select(field => trial.Parameters.TryGetValue(field, out JsonElement value) ? Text(value) : "–"),
        trial.Seed.ToString(CultureInfo.InvariantCulture),
        trial.TotalSteps == 0 || trial.Steps == trial.TotalSteps
            ? trial.Steps.ToString("#,0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{trial.Steps:#,0}/{trial.TotalSteps:#,0}"),
        .. Scores(summary).Select(score => trial.Scores.TryGetValue(score, out double value) ? Number(value) : "–"),
        Status(summary, trial),
    ];

    /// <summary>The last part of a dotted field.</summary>
    internal static string Short(string field) => field.Split('.')[^1];

    /// <summary>A score with as many digits as say something.</summary>
    internal static string Number(double value) =>
        value.ToString(Math.Abs(value) < 10 && value != Math.Floor(value)
            ? "0.000"
            : value == Math.Floor(value) && Math.Abs(value) < 1000 ? "0" : "0.00", CultureInfo.InvariantCulture);

    private static string Status(SweepSummary summary, TrialRecord trial)
    {
        string status = trial.Status switch
        {
            TrialStatus.StoppedEarly => $"stopped early: {trial.StopReason}",
            TrialStatus.Failed => $"failed: {trial.Error}",
            _ => trial.Status.ToString().ToLowerInvariant(),
        };
        if (summary.IsBest(trial)) status += summary.GroupOf(trial) is { } group ? $", best of {group.Name}" : ", best";
        else if (summary.Objectives.Count > 1 && summary.Front.Contains(trial.Index)) status += ", on the front";
        return status;
    }

    // A column for the groups, where there are any.
    private static string[] GroupCell(SweepSummary summary, string text) => summary.Groups.Count == 0 ? [] : [text];

    private static IEnumerable<string> Fields(SweepSummary summary) => summary.Trials.SelectMany(trial => trial.Parameters.Keys).Distinct();

    private static IEnumerable<string> Scores(SweepSummary summary) =>
        Standard.Union(summary.Objectives.Select(objective => objective.Name)).Union(summary.Trials.SelectMany(trial => trial.Scores.Keys));

    private static string Abbreviation(string score) => score switch
    {
        "elbo" => "ELBO",
        "reconstruction" => "rec",
        "kl" => "KL",
        "active-units" => "active",
        _ => score,
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
