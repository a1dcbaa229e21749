namespace VaeCluster.Sweeps.Trials;

/// <summary>summary.json: a sweep at a glance, written anew whenever a trial has ended.</summary>
public sealed record SweepSummary
{
    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>running</c>, <c>stopped</c>, <c>finished</c>, or <c>failed</c> where no trial came to an end.</summary>
    public required string Status { get; init; }

    /// <summary>The scores that trials are ranked by, in the order of the sweep file.</summary>
    public required IReadOnlyList<SweepObjective> Objectives { get; init; }

    /// <summary>Trials of the whole sweep.</summary>
    public required int TotalTrials { get; init; }

    /// <summary>Steps of all trials together, as far as they are done.</summary>
    public required long Steps { get; init; }

    /// <summary>
    /// The best finished trial by the first objective: of the setting with the best mean over its seeds, the best one; null: none has finished.
    /// </summary>
    public required int? Best { get; init; }

    /// <summary>The finished trials of the settings that no other one beats in every objective, as means over their seeds.</summary>
    public required IReadOnlyList<int> Front { get; init; }

    /// <summary>Every trial that has begun, by index.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>How many trials stand somewhere.</summary>
    /// <param name="status">Where.</param>
    public int Count(TrialStatus status) => Trials.Count(trial => trial.Status == status);
}
