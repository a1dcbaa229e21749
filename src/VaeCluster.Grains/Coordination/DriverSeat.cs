using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Grains.Coordination;

/// <summary>
/// Hosts the driver of one run or sweep while the store says that it is in progress. Two may exist for a moment, on different silos: only
/// the driver with the newer generation can change anything. Calls must not run in parallel, but may interleave at awaits.
/// </summary>
/// <typeparam name="T">The driver.</typeparam>
/// <param name="id">The run or sweep.</param>
/// <param name="store">Says whether it is in progress.</param>
/// <param name="drivers">All drivers of this silo.</param>
/// <param name="create">Creates the driver.</param>
/// <param name="left">Called when there is no more work here.</param>
internal sealed class DriverSeat<T>(string id, IRunStore store, LocalDrivers drivers, Func<string, T> create, Action left)
    where T : class, IDriver
{
    /// <summary>The driver; null if the run or sweep is not being driven here.</summary>
    internal T? Driver { get; private set; }

    /// <summary>Starts the driver, or stops it, as the store says.</summary>
    internal async Task LookAsync()
    {
        StoredRun? known = await store.FindAsync(id, CancellationToken.None);
        if (known is null) return;
        if (Driver is { } there)
        {
            if (known.State.IsEnding()) there.Stop();
            return;
        }

        if (!known.State.IsInProgress()) return;
        T driver = create(id);
        if (!drivers.TryAdd(driver))
        {
            // This silo is leaving; the next activation will be on another one.
            driver.Dispose();
            left();
            return;
        }

        Driver = driver;
        if (known.State.IsEnding()) driver.Stop();
        driver.Start();
        _ = LeaveAsync(driver);
    }

    /// <summary>Stops driving so that another silo can continue, and waits until that is done.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async Task YieldAsync(CancellationToken cancellation)
    {
        if (Driver is not { } driver) return;
        driver.Yield();
        await driver.Ended.WaitAsync(cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task LeaveAsync(T driver)
    {
        await driver.Ended;
        drivers.Remove(driver);
        driver.Dispose();
        Driver = null;
        left();
    }
}
