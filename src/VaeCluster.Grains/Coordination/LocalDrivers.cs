using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>
/// The runs that a silo coordinates, so that one which leaves can let go of them while its grains, workers and ranges still answer: a checkpoint
/// needs them.
/// </summary>
public sealed class LocalDrivers
{
    private readonly Lock _lock = new();
    private readonly HashSet<RunDriver> _drivers = [];
    private bool _isClosed;

    /// <summary>Lets go of all runs after the step in progress, each with a checkpoint; from now on the silo takes none.</summary>
    /// <param name="patience">How long to wait for that.</param>
    public async Task YieldAsync(TimeSpan patience)
    {
        RunDriver[] drivers;
        lock (_lock)
        {
            _isClosed = true;
            drivers = [.. _drivers];
        }

        foreach (RunDriver driver in drivers) driver.Yield();
        await Task.WhenAll(drivers.Select(driver => driver.Ended)).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A coordinator is about to take charge.</summary>
    /// <param name="driver">Its driver.</param>
    /// <returns>False: not on this silo any more.</returns>
    internal bool TryAdd(RunDriver driver)
    {
        lock (_lock) return !_isClosed && _drivers.Add(driver);
    }

    /// <summary>A coordinator is no longer in charge.</summary>
    /// <param name="driver">Its driver.</param>
    internal void Remove(RunDriver driver)
    {
        lock (_lock) _drivers.Remove(driver);
    }
}
