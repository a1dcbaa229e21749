using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Calls the grains of all sweeps in progress once a second, so that a sweep whose silo was lost is activated again on another silo.
/// </summary>
internal sealed class SweepWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunStore _sweeps;
    private readonly Func<string, Task> _look;
    private readonly TimeProvider _time;
    private readonly Task _watching;

    /// <summary>Starts the calls.</summary>
    /// <param name="sweeps">The sweep store.</param>
    /// <param name="look">Calls the grain of the sweep with the given id.</param>
    /// <param name="time">The clock for the interval.</param>
    internal SweepWatch(IRunStore sweeps, Func<string, Task> look, TimeProvider time)
    {
        _sweeps = sweeps;
        _look = look;
        _time = time;
        _watching = Task.Run(WatchAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        while (await WaitAsync(timer))
        {
            try
            {
                using var timeout = new CancellationTokenSource(Timeout, _time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
                IReadOnlyList<StoredRun> sweeps = await _sweeps.ListAsync(limit.Token);
                foreach (StoredRun sweep in sweeps.Where(sweep => sweep.State.IsInProgress()))
                    await _look(sweep.Id).WaitAsync(limit.Token);
            }
            catch (Exception)
            {
                // The store cannot be reached, which is logged elsewhere, or a grain is moving to another silo. Try again at the next
                // interval.
            }
        }
    }

    private async ValueTask<bool> WaitAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
