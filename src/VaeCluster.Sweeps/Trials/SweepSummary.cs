namespace VaeCluster.Sweeps.Trials;

/// <summary>The content of summary.json, rewritten whenever a trial ends.</summary>
public sealed record SweepSummary
{
    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>running</c>, <c>stopped</c>, <c>finished</c>, or <c>failed</c> if all trials failed.</summary>
    public required string Status { get; init; }

    /// <summary>The scores by which trials are ranked, in the order of the sweep file.</summary>
    public required IReadOnlyList<SweepObjective> Objectives { get; init; }

    /// <summary>Total number of trials.</summary>
    public required int TotalTrials { get; init; }

    /// <summary>Completed steps of all trials together.</summary>
    public required long Steps { get; init; }

    /// <summary>
    /// The best finished trial by the first objective, among those of the setting with the best mean over its seeds; null if none has
    /// finished, or if there are <see cref="Groups"/>.
    /// </summary>
    public required int? Best { get; init; }

    /// <summary>The finished trials of the settings on the Pareto front of the objectives, averaged over seeds; with
    /// <see cref="Groups"/> those on the front of their own group.</summary>
    public required IReadOnlyList<int> Front { get; init; }

    /// <summary>The groups of trials that compare, each ranked by itself; empty if all trials compare.</summary>
    public IReadOnlyList<TrialGroup> Groups { get; init; } = [];

    /// <summary>Why there is no best of all trials, in one line; null if all trials compare.</summary>
    public string? NotComparable { get; init; }

    /// <summary>Every trial that has started, by index.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>Whether a trial is the best of all, or of its group where there are groups.</summary>
    /// <param name="trial">The trial.</param>
    public bool IsBest(TrialRecord trial) => trial.Index == Best || Groups.Any(group => trial.Index == group.Best);

    /// <summary>The group of a trial; null if all trials compare.</summary>
    /// <param name="trial">The trial.</param>
    public TrialGroup? GroupOf(TrialRecord trial) => Groups.FirstOrDefault(group => group.Trials.Contains(trial.Index));

    /// <summary>The number of trials with a status.</summary>
    /// <param name="status">The status.</param>
    public int Count(TrialStatus status) => Trials.Count(trial => trial.Status == status);
}
