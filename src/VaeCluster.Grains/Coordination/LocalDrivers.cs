using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>
/// The runs, or sweeps, that a silo is in charge of, so that one which leaves can let go of them while its grains, workers and ranges still
/// answer: a checkpoint needs them.
/// </summary>
public sealed class LocalDrivers
{
    private readonly Lock _lock = new();
    private readonly HashSet<IDriver> _drivers = [];
    private bool _isClosed;

    /// <summary>Lets go of all of them after what is in progress; from now on the silo takes none.</summary>
    /// <param name="patience">How long to wait for that.</param>
    public async Task YieldAsync(TimeSpan patience)
    {
        IDriver[] drivers;
        lock (_lock)
        {
            _isClosed = true;
            drivers = [.. _drivers];
        }

        foreach (IDriver driver in drivers) driver.Yield();
        await Task.WhenAll(drivers.Select(driver => driver.Ended)).WaitAsync(patience)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A driver is about to take charge.</summary>
    /// <param name="driver">The driver.</param>
    /// <returns>False: not on this silo any more.</returns>
    internal bool TryAdd(IDriver driver)
    {
        lock (_lock) return !_isClosed && _drivers.Add(driver);
    }

    /// <summary>A driver is no longer in charge.</summary>
    /// <param name="driver">The driver.</param>
    internal void Remove(IDriver driver)
    {
        lock (_lock) _drivers.Remove(driver);
    }
}
