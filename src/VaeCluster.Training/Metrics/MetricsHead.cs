using System.Text.Json;

namespace VaeCluster.Training.Metrics;

/// <summary>What a metrics line begins with.</summary>
/// <param name="Kind"><c>step</c>, <c>epoch</c> or <c>evaluation</c>.</param>
/// <param name="Step">The step.</param>
internal readonly record struct MetricsHead(string Kind, int Step)
{
    private static readonly string[] Kinds = ["step", "epoch", "evaluation"];

    /// <summary>Reads the head of a line; the rest of the line is only looked at as far as need be.</summary>
    /// <returns>Whether the line is one of metrics.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> line, out MetricsHead head)
    {
        head = default;
        string? kind = null;
        int? step = null;
        try
        {
            var json = new Utf8JsonReader(line);
            while ((kind is null || step is null) && json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1) continue;
                bool isKind = json.ValueTextEquals("kind"u8), isStep = json.ValueTextEquals("step"u8);
                if (!json.Read()) return false;
                if (isKind) kind = KindOf(ref json);
                if (isStep && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number)) step = number;
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // text that is no Unicode
        {
            return false;
        }

        if (kind is null || step is null) return false;
        head = new MetricsHead(kind, step.Value);
        return true;
    }

    // One string for all lines of a kind: streams of millions of lines make no garbage.
    private static string? KindOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) return null;
        foreach (string kind in Kinds)
            if (json.ValueTextEquals(kind)) return kind;
        return null;
    }
}
