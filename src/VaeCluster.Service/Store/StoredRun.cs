using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>What a host remembers of a run or a sweep beside its own files, until it is deleted.</summary>
public sealed record StoredRun
{
    /// <summary>The <see cref="Version"/> of what no store has: it was trained by hand, and its files tell where it stands.</summary>
    public const long NotStored = -1;

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
