using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>
/// The runs or sweeps that a silo drives. A silo that leaves hands them over first, while its grains, workers and ranges still answer,
/// because their checkpoints need those.
/// </summary>
public sealed class LocalDrivers
{
    private readonly Lock _lock = new();
    private readonly HashSet<IDriver> _drivers = [];
    private bool _isClosed;

    /// <summary>Hands all of them over once the step in progress is done; afterwards the silo accepts no more.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    public async Task YieldAsync(TimeSpan timeout)
    {
        IDriver[] drivers;
        lock (_lock)
        {
            _isClosed = true;
            drivers = [.. _drivers];
        }

        foreach (IDriver driver in drivers) driver.Yield();
        await Task.WhenAll(drivers.Select(driver => driver.Ended)).WaitAsync(timeout)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Adds a driver before it starts.</summary>
    /// <param name="driver">The driver.</param>
    /// <returns>False if this silo accepts no more drivers.</returns>
    internal bool TryAdd(IDriver driver)
    {
        lock (_lock) return !_isClosed && _drivers.Add(driver);
    }

    /// <summary>Removes a driver that has ended.</summary>
    /// <param name="driver">The driver.</param>
    internal void Remove(IDriver driver)
    {
        lock (_lock) _drivers.Remove(driver);
    }
}
