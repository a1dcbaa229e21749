using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a <see cref="SweepKeeper"/> works with.</summary>
public sealed record SweepKeeperOptions
{
    /// <summary>Remembers the sweeps and keeps their fences: a sweep is kept as a run is.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The sweeps' folders, among those of the runs.</summary>
    public required SweepCatalog Catalog { get; init; }

    /// <summary>Makes what trains the trials of a sweep; told its id.</summary>
    public required Func<string, ISweepTrials> Trials { get; init; }

    /// <summary>
    /// Whether no other process can take a sweep over: a lock in its folder then keeps those out that go on with it by hand, and a fault
    /// ends it rather than leaving it to the next look.
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>Called when all trials have ended and the summary is written: the place for the report.</summary>
    public Action<SweepFolder>? Finishing { get; init; }

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes charge of a sweep; blocks while the store is away.</summary>
    /// <param name="id">The sweep.</param>
    /// <returns>Throws where another one is in charge by now; null: a lock sees to it.</returns>
    internal Action? TakeCharge(string id)
    {
        if (IsAlone) return null;
        IGenerations generations = Store.Generations(id);
        int generation = generations.Take(0);
        return () => generations.Demand(generation);
    }
}
