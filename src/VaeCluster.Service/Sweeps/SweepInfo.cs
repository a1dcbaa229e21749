using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>What the API says about a sweep.</summary>
public sealed record SweepInfo
{
    /// <summary>The sweep's name in addresses and the name of its folder: <c>004-beta-latent</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the sweep file, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SweepState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Trials of the whole sweep.</summary>
    public required int TotalTrials { get; init; }

    /// <summary>Trials that train side by side.</summary>
    public required int Parallel { get; init; }

    /// <summary>Trials that came to their last step.</summary>
    public int Finished { get; init; }

    /// <summary>Trials that the sweep's rule stopped.</summary>
    public int StoppedEarly { get; init; }

    /// <summary>Trials that failed for good.</summary>
    public int Failed { get; init; }

    /// <summary>Trials that train now.</summary>
    public int Running { get; init; }

    /// <summary>The best trial so far by the first objective; null: none has finished.</summary>
    public TrialRecord? Best { get; init; }

    /// <summary>Things that a person should know and that are no faults, newest last; at most the last ten.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>For a failed sweep: why, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>The resolved sweep file; null in lists.</summary>
    public string? SweepFile { get; init; }

    /// <summary>Every trial that has begun, with the ranking; null in lists.</summary>
    public SweepSummary? Summary { get; init; }
}
