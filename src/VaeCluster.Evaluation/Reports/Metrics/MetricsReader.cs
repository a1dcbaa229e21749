using System.Text.Json;

namespace VaeCluster.Evaluation.Reports.Metrics;

/// <summary>
/// Reads <c>metrics.jsonl</c>, even while it is being written: an incomplete last line and lines of unknown kinds are skipped.
/// </summary>
public static class MetricsReader
{
    /// <summary>Reads a file; if it does not exist yet, the history is empty.</summary>
    /// <param name="path">The file.</param>
    public static MetricsHistory Read(string path)
    {
        if (!File.Exists(path)) return new MetricsHistory();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return Read(reader);
    }

    /// <summary>Reads lines.</summary>
    /// <param name="reader">One JSON object per line.</param>
    public static MetricsHistory Read(TextReader reader)
    {
        List<MetricsPoint> steps = [], epochs = [], validation = [], test = [];
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is not var (kind, split, point)) continue;
            switch (kind, split)
            {
                case ("step", _): steps.Add(point); break;
                case ("epoch", _): epochs.Add(point); break;
                case ("evaluation", "validation"): validation.Add(point); break;
                case ("evaluation", "test"): test.Add(point); break;
                default: break;
            }
        }

        return new MetricsHistory { Steps = steps, Epochs = epochs, Validation = validation, Test = test };
    }

    private static (string Kind, string? Split, MetricsPoint Point)? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") is not { } kind) return null;
            var point = new MetricsPoint(
                Integer(root, "step"), Integer(root, "epoch"), Number(root, "loss"), Number(root, "elbo"), Number(root, "reconstruction"),
                Number(root, "kl"));
            return (kind, Text(root, "split"), point);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // incomplete: the process ended in the middle of this line
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Integer(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : 0;

    private static double Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
