using System.Globalization;
using System.Text.Json;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Reports;

/// <summary>A field that trials set, as charts show it: a list of values, or a continuous axis.</summary>
public sealed class ReportParameter
{
    /// <summary>The field of β.</summary>
    public const string BetaField = "objective.beta";

    /// <summary>The field of the latent size.</summary>
    public const string LatentField = "model.latent";

    private const int MostChoices = 12;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private ReportParameter(string field, string name, bool isLog, IReadOnlyList<string> choices, double min, double max)
    {
        Field = field;
        Name = name;
        IsLog = isLog;
        Choices = choices;
        Min = min;
        Max = max;
        for (int i = 0; i < choices.Count; i++) _places[choices[i]] = i;
    }

    /// <summary>The dotted path of the field in the run file.</summary>
    public string Field { get; }

    /// <summary>A short name: β, or the last part of the field if it is unique.</summary>
    public string Name { get; }

    /// <summary>Whether the axis is logarithmic.</summary>
    public bool IsLog { get; }

    /// <summary>The distinct values as text, in order; empty for a continuous axis (more than 12 numbers).</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>The smallest number; 0 for a list.</summary>
    public double Min { get; }

    /// <summary>The largest number, above <see cref="Min"/>; the last index for a list.</summary>
    public double Max { get; }

    /// <summary>The parameters of a sweep.</summary>
    /// <param name="space">The sweep's search space; it says which ranges are logarithmic.</param>
    /// <param name="trials">The trials.</param>
    public static IReadOnlyList<ReportParameter> Of(IReadOnlyList<SpaceParameter> space, IReadOnlyList<TrialRecord> trials)
    {
        string[] fields = [.. space.Select(parameter => parameter.Field).Union(trials.SelectMany(trial => trial.Parameters.Keys))];
        bool IsLogRange(string field) => space.FirstOrDefault(parameter => parameter.Field == field)?.Range?.IsLog ?? false;
        return [.. fields.Select(field => Create(field, fields, IsLogRange(field), trials))];
    }

    /// <summary>A trial's value as text; null if it does not set the field.</summary>
    /// <param name="trial">The trial.</param>
    public string? Text(TrialRecord trial) => trial.Parameters.TryGetValue(Field, out JsonElement value) ? TextOf(value) : null;

    /// <summary>A trial's value as a number; null if it is not a number or the trial does not set the field.</summary>
    /// <param name="trial">The trial.</param>
    public double? Number(TrialRecord trial) =>
        trial.Parameters.TryGetValue(Field, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>A trial's position, from 0 for the smallest or first value to 1; null if it does not set the field.</summary>
    /// <param name="trial">The trial.</param>
    public double? Position(TrialRecord trial)
    {
        if (Text(trial) is not { } text) return null;
        if (Choices.Count > 0) return Choices.Count == 1 ? 0.5 : (double)_places[text] / (Choices.Count - 1);
        if (Number(trial) is not { } number) return null;
        return IsLog ? Math.Log(number / Min) / Math.Log(Max / Min) : (number - Min) / (Max - Min);
    }

    /// <summary>A whole number with all digits, any other number with six significant digits.</summary>
    /// <param name="number">The number.</param>
    public static string TextOf(double number) => number.Equals(Math.Round(number)) && Math.Abs(number) < 1e15
        ? number.ToString("0", CultureInfo.InvariantCulture)
        : number.ToString("G6", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal);

    private static ReportParameter Create(string field, string[] fields, bool isLog, IReadOnlyList<TrialRecord> trials)
    {
        JsonElement[] values = [.. trials.Where(trial => trial.Parameters.ContainsKey(field)).Select(trial => trial.Parameters[field])];
        bool numeric = values.Length > 0 && values.All(value => value.ValueKind == JsonValueKind.Number);
        string[] choices = numeric
            ? [.. values.Select(value => value.GetDouble()).Distinct().Order().Select(TextOf).Distinct()]
            : [.. values.Select(TextOf).Distinct()];
        string name = NameOf(field, fields);
        if (!numeric || choices.Length <= MostChoices)
            return new ReportParameter(field, name, isLog, choices, 0, Math.Max(1, choices.Length - 1));
        double min = values.Min(value => value.GetDouble()), max = values.Max(value => value.GetDouble());
        return new ReportParameter(field, name, isLog && min > 0, [], min, max);
    }

    private static string NameOf(string field, string[] fields)
    {
        if (field == BetaField) return "β";
        string last = field[(field.LastIndexOf('.') + 1)..];
        return fields.Count(other => other.EndsWith("." + last, StringComparison.Ordinal) || other == last) == 1 ? last : field;
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => TextOf(value.GetDouble()),
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
