using System.Text.Json;

namespace VaeCluster.Cli.LocalRuns;

/// <summary>What a server or a cluster remembers of a run or sweep, in a file beside the run's own.</summary>
/// <param name="State">Where it stood when the file was written, in lower case.</param>
/// <param name="Submitted">When it was submitted.</param>
/// <param name="TotalSteps">Steps of the whole run, once it has begun.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="IsOfCluster">Whether a cluster wrote it, whose silos hold no lock in the folder.</param>
internal sealed record ServiceRecord(string State, DateTimeOffset? Submitted, int? TotalSteps, string? Error, bool IsOfCluster)
{
    private static readonly string[] ClusterFiles = ["cluster.json", "cluster-sweep.json"];

    private static readonly string[] Files = ["server.json", .. ClusterFiles];

    /// <summary>Whether a folder has such a file.</summary>
    /// <param name="folder">The folder.</param>
    internal static bool IsIn(string folder) => Files.Any(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>Reads the newest such file of a folder.</summary>
    /// <param name="folder">The folder of a run or sweep.</param>
    /// <returns>Null: it has none that can be read.</returns>
    internal static ServiceRecord? Find(string folder)
    {
        FileInfo? newest = Files.Select(name => new FileInfo(Path.Combine(folder, name))).Where(file => file.Exists).MaxBy(file => file.LastWriteTimeUtc);
        if (newest is null) return null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(newest.FullName));
            JsonElement root = json.RootElement;
            return new ServiceRecord(
                Text(root, "state")?.ToLowerInvariant() ?? string.Empty,
                root.TryGetProperty("submitted", out JsonElement submitted) && submitted.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null,
                root.TryGetProperty("beginning", out JsonElement beginning) && beginning.ValueKind == JsonValueKind.Object
                    && beginning.TryGetProperty("totalSteps", out JsonElement steps) && steps.TryGetInt32(out int total) ? total : null,
                Text(root, "error"),
                ClusterFiles.Contains(newest.Name));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // of another version
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
