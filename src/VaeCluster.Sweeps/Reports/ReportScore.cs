using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>A score shown in a sweep's report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HigherIsBetter">Whether higher values are better.</param>
/// <param name="Summary">A one-line description; empty if unknown.</param>
public sealed record ReportScore(string Name, bool HigherIsBetter, string Summary)
{
    /// <summary>The scores of a sweep: its objectives first, then the others; only those with a value in some trial.</summary>
    /// <param name="summary">The sweep.</param>
    public static IReadOnlyList<ReportScore> Of(SweepSummary summary)
    {
        IEnumerable<string> names = summary.Objectives.Select(objective => objective.Name)
            .Union(summary.Trials.SelectMany(trial => trial.Scores.Keys));
        return [.. names.Select(name => Create(name, summary)).Where(score => summary.Trials.Any(trial => score.Value(trial) is not null))];
    }

    /// <summary>A trial's value; null if it is missing or not finite.</summary>
    /// <param name="trial">The trial.</param>
    public double? Value(TrialRecord trial) => trial.Scores.TryGetValue(Name, out double value) && double.IsFinite(value) ? value : null;

    /// <summary>A value as text, with the minus sign U+2212.</summary>
    /// <param name="value">The value.</param>
    public static string Text(double value)
    {
        // Counts, such as active units, have no decimals.
        bool isCount = value >= 1 && value.Equals(Math.Round(value));
        string format = isCount ? "#,0" : Math.Abs(value) switch { >= 1000 => "#,0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" };
        return value.ToString(format, System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static ReportScore Create(string name, SweepSummary summary)
    {
        ScoreKind? kind = ScoreFamily.Find(name);
        bool higher = summary.Objectives.FirstOrDefault(objective => objective.Name == name)?.HigherIsBetter ?? kind?.HigherIsBetter
            ?? true;
        return new ReportScore(name, higher, kind?.Summary ?? string.Empty);
    }
}
