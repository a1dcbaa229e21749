using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a <see cref="SweepKeeper"/> works with.</summary>
public sealed record SweepKeeperOptions
{
    /// <summary>Remembers the sweeps and keeps their fences: a sweep is kept as a run is.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>Makes what trains the trials of a sweep; told its id.</summary>
    public required Func<string, ServiceTrials> Trials { get; init; }

    /// <summary>Called when all trials have ended and the summary is written: the place for the report.</summary>
    public Action<SweepFolder>? Finishing { get; init; }

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
