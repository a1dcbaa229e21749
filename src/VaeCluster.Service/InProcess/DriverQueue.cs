using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.InProcess;

/// <summary>
/// Drives in this process the runs or sweeps that the store says are in progress, in order of submission, a fixed number at a time.
/// </summary>
/// <typeparam name="T">The type of a driver.</typeparam>
/// <param name="store">The states of the runs or sweeps.</param>
/// <param name="slots">How many to drive at a time.</param>
/// <param name="create">Creates a driver, given an id.</param>
/// <param name="options">The log for faults, and how long to wait for drivers that do not stop.</param>
internal sealed class DriverQueue<T>(IRunStore store, int slots, Func<string, T> create, InProcessOptions options) : IAsyncDisposable
    where T : class, IDriver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (T Driver, Task Left)> _drivers = [];
    private readonly List<string> _waiting = [];
    private bool _closing;

    /// <summary>Whether the queue is closing and starts no more drivers.</summary>
    internal bool IsClosing
    {
        get
        {
            lock (_lock) return _closing;
        }
    }

    /// <summary>The driver of a run or sweep; null if it is waiting or not in progress.</summary>
    /// <param name="id">Its id.</param>
    internal T? Find(string id)
    {
        lock (_lock) return _drivers.TryGetValue(id, out var known) ? known.Driver : null;
    }

    /// <summary>Queues everything that the store says is in progress, oldest first.</summary>
    internal async Task TakeUpAsync()
    {
        foreach (string id in (await store.ListActiveAsync(CancellationToken.None)).Reverse()) await LookAsync(id);
    }

    /// <summary>Queues a run or sweep, stops it, or removes it from the queue, as the store says.</summary>
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

    /// <summary>
    /// Stops all drivers, with checkpoints, so that the next host can continue, and waits until they have ended, but no longer than
    /// <see cref="InProcessOptions.StopGrace"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (_lock)
        {
            _closing = true;
            foreach ((T driver, _) in _drivers.Values) driver.Yield();
            left = [.. _drivers.Values.Select(entry => entry.Left)];
        }

        try
        {
            await Task.WhenAll(left).WaitAsync(options.StopGrace, options.Time);
        }
        catch (TimeoutException)
        {
            options.Log?.Invoke(FormattableString.Invariant(
                $"{left.Count(task => !task.IsCompleted)} did not stop within {options.StopGrace.TotalSeconds:0.#} s; the next host continues from the last checkpoints"));
        }
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
                catch (Exception fault)
                {
                    // Its folder has gone or cannot be read, which must not keep the others waiting.
                    options.Log?.Invoke($"{next}: {fault.Message.ReplaceLineEndings(" ")}");
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
            // It may have been resumed before its driver ended. If it is still marked as running, its end could not be recorded, and it
            // waits for the next call.
            if ((await store.FindAsync(driver.Id, CancellationToken.None))?.State == RunState.Queued) await LookAsync(driver.Id);
        }
        catch (Exception fault)
        {
            options.Log?.Invoke($"{driver.Id}: {fault.Message.ReplaceLineEndings(" ")}");
        }

        await StartNextAsync();
    }
}
