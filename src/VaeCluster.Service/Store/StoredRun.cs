using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>What the store keeps of a run or sweep, in addition to its own files, until it is deleted.</summary>
public sealed record StoredRun
{
    /// <summary>
    /// The <see cref="Version"/> of a run that is not in the store: it was trained by hand, and its state comes from its files.
    /// </summary>
    public const long NotStored = -1;

    /// <summary>See <see cref="RunInfo.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>The most workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>The state of the run or sweep.</summary>
    public required RunState State { get; init; }

    /// <summary>See <see cref="RunInfo.Beginning"/>.</summary>
    public RunBeginning? Beginning { get; init; }

    /// <summary>See <see cref="RunInfo.Notes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>See <see cref="RunInfo.Error"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Number of changes so far. A change is accepted only from a caller that has seen the last one.</summary>
    public long Version { get; init; }
}
