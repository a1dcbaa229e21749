using System.Text.Json;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Files;

namespace VaeCluster.Service.Local;

/// <summary>What the server remembers of a run beside the run's own files: <c>server.json</c> in the run folder.</summary>
internal sealed record RunRecord
{
    /// <summary>The name of the file.</summary>
    internal const string FileName = "server.json";

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>The state last written; a run that was in progress when the server died has the state of then.</summary>
    public required RunState State { get; init; }

    /// <summary>See <see cref="RunInfo.Beginning"/>.</summary>
    public RunBeginning? Beginning { get; init; }

    /// <summary>See <see cref="RunInfo.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>See <see cref="RunInfo.Error"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Writes it into a run folder.</summary>
    /// <param name="folder">The folder.</param>
    internal void Save(string folder) => DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, ApiJson.Options));

    /// <summary>Reads it from a run folder; a run that was not submitted to a server, but trained here by hand, gets what its files tell.</summary>
    /// <param name="folder">The folder.</param>
    internal static RunRecord Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), ApiJson.Options) is { } record) return record;
        }
        catch (JsonException)
        {
            // Replaced by a whole one at the next change of state.
        }

        return new RunRecord { Submitted = Directory.GetCreationTimeUtc(folder), Workers = 1, State = RunState.Stopped };
    }
}
