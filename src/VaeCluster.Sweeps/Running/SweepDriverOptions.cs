namespace VaeCluster.Sweeps.Running;

/// <summary>Options of a <see cref="SweepDriver"/>. None of them affects the weights of a trial.</summary>
public sealed record SweepDriverOptions
{
    /// <summary>Observes the sweep.</summary>
    public ISweepObserver? Observer { get; init; }

    /// <summary>The clock for delays before retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The delay after a trial's first failure; it doubles with each failure. Default 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay. Default 1 min.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Called when all trials have ended and the summary is written, to write the report.</summary>
    public Action<SweepFolder>? Finishing { get; init; }
}
