using System.Globalization;

namespace VaeCluster.Core.Specs;

/// <summary>What a <see cref="FieldRule"/> allows, in words, for error messages and help.</summary>
internal static class FieldRuleText
{
    internal static string Allowed(FieldRule rule) => rule.Kind switch
    {
        FieldKind.Number => "a number" + Bounds(rule),
        FieldKind.Integer => "a whole number" + Bounds(rule),
        FieldKind.Flag => "true or false",
        FieldKind.Text when rule.Words is not null => $"one of {string.Join(", ", rule.Words)}",
        FieldKind.Text => "a single line of text",
        FieldKind.Path => "the path of a file or folder",
        FieldKind.IntegerList => $"a list of whole numbers{Bounds(rule)}, for example [400, 200]",
        FieldKind.IntegerMap => Map(rule),
        _ => $"a list in which each element is {Map(rule)}",
    };

    private static string Map(FieldRule rule) =>
        $"a map to whole numbers{Bounds(rule)}, with the keys {(rule.Words is null ? "of your choice" : string.Join(", ", rule.Words))}";

    private static string Bounds(FieldRule rule)
    {
        // A limit that only comes from the integer type is not worth mentioning.
        bool hasMin = !double.IsNegativeInfinity(rule.Min);
        bool hasMax = rule.Max < int.MaxValue;
        string min = hasMin ? $" {(rule.AboveMin ? "above" : hasMax ? "from" : "of at least")} {Number(rule.Min)}" : string.Empty;
        string max = hasMax ? $" {(rule.BelowMax ? "below" : hasMin && !rule.AboveMin ? "to" : "up to")} {Number(rule.Max)}" : string.Empty;
        return hasMin && hasMax && (rule.AboveMin || rule.BelowMax) ? $"{min} and{max}" : min + max;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
