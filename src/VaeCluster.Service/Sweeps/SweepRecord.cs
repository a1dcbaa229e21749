using System.Text.Json;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Files;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a server remembers of a sweep beside the sweep's own files: <c>server.json</c> in its folder.</summary>
public sealed record SweepRecord
{
    private const string FileName = "server.json";

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>The state last written; a sweep that was in progress when the server died has the state of then.</summary>
    public required SweepState State { get; init; }

    /// <summary>See <see cref="SweepInfo.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>See <see cref="SweepInfo.Error"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Writes it into a sweep's folder.</summary>
    /// <param name="folder">The folder.</param>
    public void Save(string folder) => DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, SweepJson.File));

    /// <summary>Reads it; a sweep that was not submitted to a server, but begun here by hand, gets what its files tell.</summary>
    /// <param name="sweep">The sweep.</param>
    public static SweepRecord Load(SweepFolder sweep)
    {
        string path = Path.Combine(sweep.Path, FileName);
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<SweepRecord>(File.ReadAllText(path), SweepJson.File) is { } record) return record;
        }
        catch (JsonException)
        {
            // Replaced by a whole one at the next change of state.
        }

        SweepState state = SweepJournal.ReadSummary(sweep)?.Status switch
        {
            "finished" => SweepState.Finished,
            "failed" => SweepState.Failed,
            _ => SweepState.Stopped,
        };
        return new SweepRecord { Submitted = Directory.GetCreationTimeUtc(sweep.Path), State = state };
    }
}
