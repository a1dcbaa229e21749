using VaeCluster.Distributed.Silos;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Forgets runs that have no work on this silo and were deleted. Otherwise a silo would keep their weights as long as it lives.
/// </summary>
internal sealed class DeletedRuns : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(15), Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunStore _store;
    private readonly LocalSilo _silo;
    private readonly TimeProvider _time;
    private readonly Task _looking;

    /// <summary>Starts looking.</summary>
    /// <param name="store">The store, which knows every run that is not deleted.</param>
    /// <param name="silo">The silo's workers and ranges.</param>
    /// <param name="time">The clock for the interval.</param>
    internal DeletedRuns(IRunStore store, LocalSilo silo, TimeProvider time)
    {
        _store = store;
        _silo = silo;
        _time = time;
        _looking = Task.Run(LookAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await ForgetAsync();
        }
        catch (OperationCanceledException)
        {
            // The silo ends.
        }
    }

    private async Task ForgetAsync()
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(Timeout);
            foreach (string run in _silo.IdleRuns)
                if (await _store.FindAsync(run, limit.Token) is null) _silo.Drop(run);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            // The store cannot be reached, which is logged elsewhere, or a record is damaged. Try again at the next interval.
        }
    }
}
