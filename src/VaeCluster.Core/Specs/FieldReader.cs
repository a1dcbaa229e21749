using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>Converts a YAML node into the value of a field, or reports what the field's rule allows.</summary>
public static class FieldReader
{
    /// <summary>Reads one value.</summary>
    /// <param name="rule">The field's rule.</param>
    /// <param name="node">The value in the file.</param>
    /// <param name="field">The dotted field, for error messages.</param>
    /// <returns>An object of the type that <see cref="FieldKind"/> names.</returns>
    /// <exception cref="BadInputException">The value has the wrong type or is out of bounds.</exception>
    public static object Read(FieldRule rule, SpecNode node, string field) => rule.Kind switch
    {
        FieldKind.Number => ReadNumber(rule, node, field),
        FieldKind.Integer => ReadInteger(rule, node, field),
        FieldKind.Flag =>
            node is SpecScalar { IsPlain: true, Value: "true" or "false" } flag ? flag.Value == "true" : throw Fault(rule, node, field),
        FieldKind.Text => ReadText(rule, node, field),
        FieldKind.Path => ReadPath(rule, node, field),
        FieldKind.IntegerList => ReadList(rule, node, field, ReadInteger),
        FieldKind.IntegerMap => ReadMap(rule, node, field),
        _ => ReadList(rule, node, field, ReadMap),
    };

    private static double ReadNumber(FieldRule rule, SpecNode node, string field)
    {
        if (node is SpecScalar { IsPlain: true } scalar && NumberText.TryRead(scalar.Value, out double number) && IsWithin(rule, number))
            return number;

        throw Fault(rule, node, field);
    }

    private static long ReadInteger(FieldRule rule, SpecNode node, string field)
    {
        if (node is SpecScalar { IsPlain: true } scalar && NumberText.TryReadWhole(scalar.Value, out long integer)
            && IsWithin(rule, integer))
        {
            return integer;
        }

        throw Fault(rule, node, field);
    }

    private static string ReadText(FieldRule rule, SpecNode node, string field)
    {
        if (node is not SpecScalar scalar || scalar.Value.Length == 0 || scalar.Value.Any(char.IsControl)) throw Fault(rule, node, field);
        if (rule.Refused.TryGetValue(scalar.Value, out string? reason)) throw node.Origin.Fault(field, scalar.Value, reason);
        if (rule.Words is not null && !rule.Words.Contains(scalar.Value))
            throw node.Origin.Fault(field, scalar.Value, rule.Allowed + NearestName.Hint(scalar.Value, rule.Words));
        return scalar.Value;
    }

    private static string ReadPath(FieldRule rule, SpecNode node, string field) =>
        Path.GetFullPath(ReadText(rule, node, field), node.Origin.BaseDirectory);

    private static List<T> ReadList<T>(FieldRule rule, SpecNode node, string field, Func<FieldRule, SpecNode, string, T> readItem)
    {
        if (node is not SpecList list) throw Fault(rule, node, field);
        if (list.Items.Count > rule.MostItems)
            throw node.Origin.Fault(field, FormattableString.Invariant($"a list of {list.Items.Count}"), $"at most {rule.MostItems} elements");
        return [.. list.Items.Select((item, i) => readItem(rule, item, $"{field}[{i}]"))];
    }

    private static IReadOnlyDictionary<string, long> ReadMap(FieldRule rule, SpecNode node, string field)
    {
        if (node is not SpecMap map) throw Fault(rule, node, field);

        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string key, SpecNode value) in map.Entries)
        {
            if (rule.Words is not null && !rule.Words.Contains(key))
            {
                throw value.Origin.Fault(
                    $"{field}.{key}", null,
                    $"unknown key; allowed keys are {string.Join(", ", rule.Words)}{NearestName.Hint(key, rule.Words)}");
            }

            values.Add(key, ReadInteger(rule with { Kind = FieldKind.Integer }, value, $"{field}.{key}"));
        }

        return values;
    }

    private static bool IsWithin(FieldRule rule, double value) =>
        (rule.AboveMin ? value > rule.Min : value >= rule.Min) && (rule.BelowMax ? value < rule.Max : value <= rule.Max);

    private static BadInputException Fault(FieldRule rule, SpecNode node, string field) =>
        node.Origin.Fault(field, node.Text, rule.Allowed);
}
