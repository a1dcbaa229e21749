using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Service;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Service;

namespace VaeCluster.Grains.Sweeps;

/// <summary>
/// Hosts a <see cref="SweepKeeper"/> while the store says that the sweep is in progress. That two activations may exist for a while is no harm: the
/// keeper that took the newer generation is in charge.
/// </summary>
/// <param name="options">What keepers work with.</param>
[Reentrant]
internal sealed class SweepGrain(SweepOptions options) : Grain, ISweepGrain
{
    private SweepKeeper? _keeper;

    private string Sweep => this.GetPrimaryKeyString();

    public async Task LookAsync()
    {
        StoredRun? sweep = await options.Keeper.Store.FindAsync(Sweep, CancellationToken.None);
        if (sweep is null) return;
        if (_keeper is { } known)
        {
            if (sweep.State.IsEnding()) known.Stop();
            return;
        }

        if (!sweep.State.IsInProgress()) return;
        var keeper = new SweepKeeper(Sweep, options.Catalog.Find(Sweep), options.Keeper);
        if (!options.Keepers.TryAdd(keeper))
        {
            // This silo is about to leave: the next activation may be on another one.
            keeper.Dispose();
            DeactivateOnIdle();
            return;
        }

        _keeper = keeper;
        if (sweep.State.IsEnding()) keeper.Stop();
        keeper.Start();
        _ = LeaveAsync(keeper);
    }

    // Compute and files are not for the grain's scheduler.
    public Task<bool> ChangeAsync(string[] overrides) => _keeper is { } keeper ? Task.Run(() => keeper.TryChange(overrides)) : Task.FromResult(false);

    public Task<string?> SummaryAsync()
    {
        SweepSummary? summary = _keeper?.Summary;
        return Task.FromResult(summary is null ? null : JsonSerializer.Serialize(summary, SweepJson.Line));
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_keeper is not { } keeper) return;
        keeper.Yield();
        await keeper.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task LeaveAsync(SweepKeeper keeper)
    {
        await keeper.Ended;
        options.Keepers.Remove(keeper);
        keeper.Dispose();
        _keeper = null;
        DeactivateOnIdle();
    }
}
