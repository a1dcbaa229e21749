using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>The sweeps that a silo is in charge of, so that one which leaves can let go of them first.</summary>
public sealed class LocalKeepers
{
    private readonly Lock _lock = new();
    private readonly HashSet<SweepKeeper> _keepers = [];
    private bool _isClosed;

    /// <summary>Lets go of all sweeps; their trials go on. From now on the silo takes none.</summary>
    /// <param name="patience">How long to wait for that.</param>
    public async Task YieldAsync(TimeSpan patience)
    {
        SweepKeeper[] keepers;
        lock (_lock)
        {
            _isClosed = true;
            keepers = [.. _keepers];
        }

        foreach (SweepKeeper keeper in keepers) keeper.Yield();
        await Task.WhenAll(keepers.Select(keeper => keeper.Ended)).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A keeper is about to take charge.</summary>
    /// <param name="keeper">The keeper.</param>
    /// <returns>False: not on this silo any more.</returns>
    internal bool TryAdd(SweepKeeper keeper)
    {
        lock (_lock) return !_isClosed && _keepers.Add(keeper);
    }

    /// <summary>A keeper is no longer in charge.</summary>
    /// <param name="keeper">The keeper.</param>
    internal void Remove(SweepKeeper keeper)
    {
        lock (_lock) _keepers.Remove(keeper);
    }
}
