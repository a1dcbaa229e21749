using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.InProcess;

/// <summary>
/// Drives runs, or sweeps, in this process: those that the store says are in progress, in the order in which they came, so many at a time.
/// </summary>
/// <typeparam name="T">Their drivers.</typeparam>
/// <param name="store">Where they stand.</param>
/// <param name="slots">How many side by side.</param>
/// <param name="create">Makes the driver of one.</param>
/// <param name="log">Told of faults, in one line each.</param>
internal sealed class DriverQueue<T>(IRunStore store, int slots, Func<string, T> create, Action<string>? log) : IAsyncDisposable
    where T : class, IDriver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (T Driver, Task Left)> _drivers = [];
    private readonly List<string> _waiting = [];
    private bool _closing;

    /// <summary>Whether it takes none any more.</summary>
    internal bool IsClosing
    {
        get
        {
            lock (_lock) return _closing;
        }
    }

    /// <summary>The driver of one; null: it waits, or is not in progress.</summary>
    /// <param name="id">Its id.</param>
    internal T? Find(string id)
    {
        lock (_lock) return _drivers.TryGetValue(id, out var known) ? known.Driver : null;
    }

    /// <summary>Takes up all that the store says are in progress, the oldest first.</summary>
    internal async Task TakeUpAsync()
    {
        foreach (string id in (await store.ListActiveAsync(CancellationToken.None)).Reverse()) await LookAsync(id);
    }

    /// <summary>Queues one, stops it, or takes it out of the queue, as the store says.</summary>
    /// <param name="id">Its id.</param>
    internal async Task LookAsync(string id)
    {
        StoredRun? known = await store.FindAsync(id, CancellationToken.None);
        lock (_lock)
        {
            if (_drivers.TryGetValue(id, out var there))
            {
                if (known?.State.IsEnding() == true) there.Driver.Stop();
                return;
            }

            if (known?.State.IsInProgress() != true) _waiting.Remove(id);
            else if (!_waiting.Contains(id)) _waiting.Add(id);
        }

        await StartNextAsync();
    }

    /// <summary>Leaves all of them, each with a checkpoint and for whoever takes them up next, and returns when they are left.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (_lock)
        {
            _closing = true;
            foreach ((T driver, _) in _drivers.Values) driver.Yield();
            left = [.. _drivers.Values.Select(entry => entry.Left)];
        }

        await Task.WhenAll(left);
    }

    private async Task StartNextAsync()
    {
        var begun = new List<Task>();
        lock (_lock)
        {
            while (!_closing && _drivers.Count < slots && _waiting is [var next, ..])
            {
                _waiting.RemoveAt(0);
                T driver;
                try
                {
                    driver = create(next);
                }
                catch (RunRefusedException fault)
                {
                    log?.Invoke($"{next}: {fault.Message}"); // its folder is gone
                    continue;
                }

                _drivers.Add(next, (driver, LeaveAsync(driver)));
                driver.Start();
                begun.Add(driver.Begun);
            }
        }

        await Task.WhenAll(begun);
    }

    private async Task LeaveAsync(T driver)
    {
        await driver.Ended;
        lock (_lock) _drivers.Remove(driver.Id);
        driver.Dispose();
        try
        {
            // Resumed before it was out of the way. One that is in progress still could not be recorded: it waits for somebody to look.
            if ((await store.FindAsync(driver.Id, CancellationToken.None))?.State == RunState.Queued) await LookAsync(driver.Id);
        }
        catch (Exception fault)
        {
            log?.Invoke($"{driver.Id}: {fault.Message.ReplaceLineEndings(" ")}");
        }

        await StartNextAsync();
    }
}
