using System.Text.Json;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Reads what a run leaves behind.</summary>
public static class RunFiles
{
    public static JsonElement Result(string run)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json")));
        return json.RootElement.Clone();
    }

    public static string Sha256(string run) => Result(run).GetProperty("weightsSha256").GetString()!;

    public static IReadOnlyList<JsonElement> Metrics(string run) =>
    [
        .. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.Clone();
        }),
    ];

    public static IReadOnlyList<int> Steps(string run) =>
        [.. Metrics(run).Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("step").GetInt32())];
}
