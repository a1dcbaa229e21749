using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a <see cref="SweepKeeper"/> needs.</summary>
public sealed record SweepKeeperOptions
{
    /// <summary>Stores the sweeps' states and generations, in the same way as for runs.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The folders of the sweeps, next to those of the runs.</summary>
    public required SweepCatalog Catalog { get; init; }

    /// <summary>Creates what trains the trials of a sweep, given its id.</summary>
    public required Func<string, ISweepTrials> Trials { get; init; }

    /// <summary>
    /// Whether no other process can take a sweep over. A lock in its folder then keeps out commands that would continue it, and an error
    /// ends the sweep instead of being retried.
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>How long a sweep may take to stop before its driver is given up.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Called when all trials have ended and the summary is written; writes the report.</summary>
    public Action<SweepFolder>? Finishing { get; init; }

    /// <summary>Receives notices for the operator, one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock for waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes a generation of a sweep; blocks while the store cannot be reached.</summary>
    /// <param name="id">The sweep.</param>
    /// <returns>A check that throws once a newer generation has been taken; null if a lock excludes others instead.</returns>
    internal Action? TakeCharge(string id)
    {
        if (IsAlone) return null;
        IGenerations generations = Store.Generations(id);
        int generation = generations.Take(0);
        return () => generations.Demand(generation);
    }
}
