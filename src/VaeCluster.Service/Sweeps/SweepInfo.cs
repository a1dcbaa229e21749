using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>The description of a sweep in the API.</summary>
public sealed record SweepInfo
{
    /// <summary>The sweep's id, which is also the name of its folder: <c>004-beta-latent</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the sweep file.</summary>
    public required string Name { get; init; }

    /// <summary>The sweep's state.</summary>
    public required SweepState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Number of trials of the whole sweep.</summary>
    public required int TotalTrials { get; init; }

    /// <summary>Number of trials trained at a time.</summary>
    public required int Parallel { get; init; }

    /// <summary>Number of trials that reached their last step.</summary>
    public int Finished { get; init; }

    /// <summary>Number of trials that the stopping rule ended.</summary>
    public int StoppedEarly { get; init; }

    /// <summary>Number of trials that failed for good.</summary>
    public int Failed { get; init; }

    /// <summary>Number of trials being trained now.</summary>
    public int Running { get; init; }

    /// <summary>The best trial so far by the first objective; null if none has finished.</summary>
    public TrialRecord? Best { get; init; }

    /// <summary>Notices that are not errors, newest last; at most ten.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The error of a failed sweep, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>The resolved sweep file; null in lists.</summary>
    public string? SweepFile { get; init; }

    /// <summary>Every trial that has begun, with the ranking; null in lists.</summary>
    public SweepSummary? Summary { get; init; }
}
