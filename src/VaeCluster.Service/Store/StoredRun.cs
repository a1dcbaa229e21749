using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>What a cluster remembers of a run beside the run's own files, until it is deleted.</summary>
public sealed record StoredRun
{
    /// <summary>See <see cref="RunInfo.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Most workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>See <see cref="RunInfo.Beginning"/>.</summary>
    public RunBeginning? Beginning { get; init; }

    /// <summary>See <see cref="RunInfo.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>See <see cref="RunInfo.Error"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Counts the changes: a change is taken only by who has seen the last one. 0 before the first.</summary>
    public long Version { get; init; }
}
