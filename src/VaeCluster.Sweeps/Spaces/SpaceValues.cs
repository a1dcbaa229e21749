using System.Globalization;
using System.Text.Json;
using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>Converts values of a space between YAML nodes and JSON.</summary>
internal static class SpaceValues
{
    /// <summary>The JSON value of a node; numbers are in their shortest form, so that equal values have equal text.</summary>
    internal static JsonElement Json(SpecNode node) => node switch
    {
        SpecScalar scalar => Json(scalar),
        SpecList list => JsonSerializer.SerializeToElement(list.Items.Select(Json)),
        SpecMap map => JsonSerializer.SerializeToElement(
            new OrderedDictionary<string, JsonElement>(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value))))),
        _ => throw new ArgumentException($"{node.GetType().Name} is not a value", nameof(node)),
    };

    /// <summary>The node of a JSON value.</summary>
    internal static SpecNode Node(JsonElement value, SpecOrigin origin) => value.ValueKind switch
    {
        JsonValueKind.String => new SpecScalar(origin, value.GetString()!, IsPlain: false),
        JsonValueKind.Array => new SpecList(origin, [.. value.EnumerateArray().Select(item => Node(item, origin))]),
        JsonValueKind.Object => new SpecMap(
            origin, new OrderedDictionary<string, SpecNode>(value.EnumerateObject().Select(
                entry => KeyValuePair.Create(entry.Name, Node(entry.Value, origin))), StringComparer.Ordinal)),
        _ => new SpecScalar(origin, value.GetRawText(), IsPlain: true),
    };

    /// <summary>A number; whole numbers have no decimal point.</summary>
    internal static JsonElement Number(double value, bool isInteger) =>
        isInteger ? JsonSerializer.SerializeToElement((long)value) : JsonSerializer.SerializeToElement(value);

    /// <summary>A text that is equal for equal values.</summary>
    internal static string Key(JsonElement value) => value.GetRawText();

    private static JsonElement Json(SpecScalar scalar)
    {
        if (!scalar.IsPlain) return JsonSerializer.SerializeToElement(scalar.Value);
        if (scalar.IsNull) return JsonSerializer.SerializeToElement<string?>(null);
        if (scalar.Value is "true" or "false") return JsonSerializer.SerializeToElement(scalar.Value == "true");
        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return JsonSerializer.SerializeToElement(integer);
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? Number(number)
            : JsonSerializer.SerializeToElement(scalar.Value);
    }

    // 2.0 and 2 are the same value.
    private static JsonElement Number(double value) => Number(value, isInteger: Math.Abs(value) < 1L << 53 && Math.Floor(value) == value);
}
