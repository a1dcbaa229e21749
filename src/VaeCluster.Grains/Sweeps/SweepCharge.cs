using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>
/// Hosts a <see cref="SweepKeeper"/> while the store says that the sweep is in progress. That two of them may exist for a while is no harm: the
/// keeper that took the newer generation is in charge. One caller at a time, but for waits.
/// </summary>
/// <param name="sweep">The sweep.</param>
/// <param name="options">What keepers work with.</param>
/// <param name="left">Called when nothing is left to be done here.</param>
internal sealed class SweepCharge(string sweep, SweepOptions options, Action left)
{
    /// <summary>The keeper; null: the sweep is not in progress here.</summary>
    internal SweepKeeper? Keeper { get; private set; }

    /// <summary>See <see cref="ISweepGrain.LookAsync"/>.</summary>
    internal async Task LookAsync()
    {
        StoredRun? known = await options.Keeper.Store.FindAsync(sweep, CancellationToken.None);
        if (known is null) return;
        if (Keeper is { } there)
        {
            if (known.State.IsEnding()) there.Stop();
            return;
        }

        if (!known.State.IsInProgress()) return;
        var keeper = new SweepKeeper(sweep, options.Catalog.Find(sweep), options.Keeper);
        if (!options.Keepers.TryAdd(keeper))
        {
            // This silo is about to leave: the next one in charge may be on another one.
            keeper.Dispose();
            left();
            return;
        }

        Keeper = keeper;
        if (known.State.IsEnding()) keeper.Stop();
        keeper.Start();
        _ = LeaveAsync(keeper);
    }

    private async Task LeaveAsync(SweepKeeper keeper)
    {
        await keeper.Ended;
        Keeper = null;
        options.Keepers.Remove(keeper);
        keeper.Dispose();
        left();
    }
}
