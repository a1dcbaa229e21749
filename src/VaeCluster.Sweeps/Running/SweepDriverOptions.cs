namespace VaeCluster.Sweeps.Running;

/// <summary>How a sweep is driven. None of it changes the weights of a trial.</summary>
public sealed record SweepDriverOptions
{
    /// <summary>Watches the sweep.</summary>
    public ISweepObserver? Observer { get; init; }

    /// <summary>Clock of the pauses after failures.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The pause after a trial's first failure; it doubles with each one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Called when all trials have ended and the summary is written: the place for the report.</summary>
    public Action<SweepFolder>? Finishing { get; init; }
}
