using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Specs;

/// <summary>Reads the <c>space</c> of a sweep file.</summary>
internal static class SpaceReader
{
    // More are surely a mistake: a model has a few dozen fields, and a grid at most 100,000 settings.
    private const int MostFields = 256, MostValues = 10_000, MostSteps = int.MaxValue - 1;

    private const string Section = "space", Values = "values", When = "when", Seed = "training.seed";

    private static readonly FieldRule Min = new("min", FieldKind.Number, "the smallest value") { Required = true };
    private static readonly FieldRule Max = new("max", FieldKind.Number, "the largest value") { Required = true };
    private static readonly FieldRule Log = new("log", FieldKind.Flag, "logarithmic scale") { Default = false };
    private static readonly FieldRule Integer = new("integer", FieldKind.Flag, "whole numbers only") { Default = false };
    private static readonly FieldRule Step = new("step", FieldKind.Number, "distance between values") { Min = 0, AboveMin = true };
    private static readonly FieldRule[] RangeFields = [Min, Max, Log, Integer, Step];

    /// <summary>The forms of a parameter, for error messages.</summary>
    internal const string Allowed =
        "a list of values, { values: […] }, or a range { min: …, max: … } with optional log, integer, step; "
        + "optional when: { field: value }";

    /// <summary>Reads all parameters.</summary>
    internal static IReadOnlyList<SpaceParameter> Read(SpecMap file)
    {
        SpecNode? node = file.Find(Section);
        if (node is not SpecMap { Entries.Count: > 0 } map)
        {
            string? found = node is SpecMap ? "{}" : node?.Text;
            throw (node?.Origin ?? file.Origin).Fault(
                Section, found, "must map at least one run file field to its values, for example 'space: { objective.beta: [1, 2, 4] }'");
        }

        if (map.Entries.Count > MostFields)
            throw map.Origin.Fault(Section, $"a map of {map.Entries.Count}", $"at most {MostFields} fields");
        SpaceParameter[] parameters = [.. map.Entries.Select(entry => Parameter(entry.Key, entry.Value))];
        int values = parameters.Sum(parameter => parameter.Values?.Count ?? 0);
        if (values > MostValues) throw map.Origin.Fault(Section, $"{values} values", $"at most {MostValues} in all; use ranges");
        foreach (SpaceParameter parameter in parameters) CheckConditions(parameter, parameters);
        return parameters;
    }

    private static SpaceParameter Parameter(string field, SpecNode node)
    {
        string path = $"{Section}.{field}";
        if (field == Seed) throw node.Origin.Fault(path, null, "cannot be in the space; list seeds under 'seeds'");
        if (field.AsSpan().Count('.') >= SpecOverrides.MostParts)
            throw node.Origin.Fault(path, null, $"a field has at most {SpecOverrides.MostParts} parts between its dots");
        if (!field.Contains('.', StringComparison.Ordinal) || field.Split('.').Any(string.IsNullOrWhiteSpace))
            throw node.Origin.Fault(path, null, "not a dotted run file field such as objective.beta");
        SpaceParameter parameter = node switch
        {
            SpecList list => new SpaceParameter { Field = field, Origin = node.Origin, Values = Choices(field, path, list) },
            SpecMap map => Mapped(field, path, map),
            _ => throw node.Origin.Fault(path, node.Text, Allowed),
        };
        return parameter;
    }

    private static SpaceParameter Mapped(string field, string path, SpecMap map)
    {
        bool isList = map.Find(Values) is not null;
        string[] known = isList ? [Values, When] : [.. RangeFields.Select(rule => rule.Name), When];
        foreach ((string name, SpecNode value) in map.Entries)
        {
            if (known.Contains(name)) continue;
            string hint = NearestName.Hint(name, [.. known, Values]);
            throw value.Origin.Fault($"{path}.{name}", null, $"unknown field of a parameter{(hint.Length > 0 ? hint : $": {Allowed}")}");
        }

        IReadOnlyList<SpaceCondition> when = Conditions(path, map.Find(When));
        if (!isList) return new SpaceParameter { Field = field, Origin = map.Origin, Range = Range(path, map), When = when };
        return map.Find(Values) is SpecList list
            ? new SpaceParameter { Field = field, Origin = map.Origin, Values = Choices(field, path, list), When = when }
            : throw map.Origin.Fault($"{path}.{Values}", map.Find(Values)!.Text, "must be a list of values");
    }

    private static List<JsonElement> Choices(string field, string path, SpecList list)
    {
        if (list.Items.Count == 0) throw list.Origin.Fault(path, "[]", "must list at least one value");
        bool isPath = RunFilePaths.IsPath(field, RunVocabulary.All);
        var values = new List<JsonElement>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (SpecNode item in list.Items)
        {
            JsonElement value = isPath && item is SpecScalar { IsNull: false } text
                ? JsonSerializer.SerializeToElement(RunFilePaths.Absolute(text))
                : SpaceValues.Json(item);
            if (!known.Add(SpaceValues.Key(value)))
                throw item.Origin.Fault(path, item.Text, "is listed twice");
            values.Add(value);
        }

        return values;
    }

    private static ParameterRange Range(string path, SpecMap map)
    {
        double min = (double)Value(Min)!, max = (double)Value(Max)!;
        bool isLog = (bool)Value(Log)!, isInteger = (bool)Value(Integer)!;
        double? step = (double?)Value(Step);
        if (min >= max) throw Fault(Max, max, $"must be greater than min, which is {min}");
        if (isLog && min <= 0) throw Fault(Min, min, $"must be greater than 0, because log is true");
        if (isLog && step is not null) throw Fault(Step, step.Value, $"not allowed if log is true");
        if (isInteger && (!IsWhole(min) || !IsWhole(max)))
            throw Fault(IsWhole(min) ? Max : Min, IsWhole(min) ? max : min, $"must be a whole number, because integer is true");
        if (isInteger && step is { } by && !IsWhole(by)) throw Fault(Step, by, $"must be a whole number, because integer is true");
        if (!double.IsFinite(max - min)) throw Fault(Max, max, $"must be at most {double.MaxValue:E2} above min, which is {min}");
        if (step > max - min) throw Fault(Step, step.Value, $"must not exceed the width of the range, {max - min}");
        double? spacing = step ?? (isInteger ? 1 : null);
        if ((max - min) / spacing > MostSteps)
        {
            FormattableString many = $"makes more than {MostSteps} values of the range from {min} to {max}";
            throw step is null ? Fault(Max, max, many) : Fault(Step, step.Value, many);
        }

        return new ParameterRange(min, max, isLog, isInteger, step);

        object? Value(FieldRule rule)
        {
            SpecNode? node = map.Find(rule.Name);
            if (node is not null) return FieldReader.Read(rule, node, $"{path}.{rule.Name}");
            return rule.Required ? throw map.Origin.Fault($"{path}.{rule.Name}", null, $"is missing: {Allowed}") : rule.Default;
        }

        BadInputException Fault(FieldRule rule, double value, FormattableString allowed) =>
            (map.Find(rule.Name) ?? map)
                .Origin.Fault($"{path}.{rule.Name}", FormattableString.Invariant($"{value}"), FormattableString.Invariant(allowed));

        static bool IsWhole(double value) => Math.Floor(value) == value && Math.Abs(value) < 1L << 53;
    }

    private static SpaceCondition[] Conditions(string path, SpecNode? node)
    {
        if (node is null) return [];
        if (node is not SpecMap map)
            throw node.Origin.Fault($"{path}.{When}", node.Text, "must map other fields of the space to the values they must have");
        return
        [
            .. map.Entries.Select(entry => new SpaceCondition(
                entry.Key, entry.Value is SpecList { Items.Count: > 0 } list
                    ? [.. list.Items.Select(SpaceValues.Json)]
                    : [SpaceValues.Json(entry.Value)])),
        ];
    }

    private static void CheckConditions(SpaceParameter parameter, SpaceParameter[] all)
    {
        foreach (SpaceCondition condition in parameter.When)
        {
            string path = $"{Section}.{parameter.Field}.{When}.{condition.Field}";
            IEnumerable<string> others = all.Where(other => other != parameter).Select(other => other.Field);
            SpaceParameter other = all.FirstOrDefault(candidate => candidate != parameter && candidate.Field == condition.Field)
                ?? throw parameter.Origin.Fault(path, null, $"not another field of this space{NearestName.Hint(condition.Field, others)}");
            foreach (JsonElement value in condition.Values)
                if (!Has(other, value)) throw parameter.Origin.Fault(path, SpaceValues.Key(value), $"must be a value of {other.Field}");
            if (Reaches(other, parameter, all, []))
                throw parameter.Origin.Fault(path, null, "is circular: a field cannot depend on itself");
        }
    }

    private static bool Has(SpaceParameter parameter, JsonElement value) => parameter.Values is { } values
        ? values.Any(choice => SpaceValues.Key(choice) == SpaceValues.Key(value))
        : value.ValueKind == JsonValueKind.Number && parameter.Range!.Contains(value.GetDouble());

    private static bool Reaches(SpaceParameter from, SpaceParameter to, SpaceParameter[] all, HashSet<string> seen) =>
        from == to || (seen.Add(from.Field) && from.When.Any(
            condition => all.FirstOrDefault(other => other.Field == condition.Field) is { } next && Reaches(next, to, all, seen)));
}
