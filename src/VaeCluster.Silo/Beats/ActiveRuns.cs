using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// The ids of the runs that the store says are in progress, read twice a second. While the store cannot be reached, the last known ids
/// stay.
/// </summary>
internal sealed class ActiveRuns : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunStore _store;
    private readonly Action<string> _log;
    private readonly Task _looking;
    private volatile string[] _ids = [];

    /// <summary>Starts reading.</summary>
    /// <param name="store">The store.</param>
    /// <param name="log">Receives a line when the store cannot be reached, and another when it can again.</param>
    internal ActiveRuns(IRunStore store, Action<string> log)
    {
        _store = store;
        _log = log;
        _looking = Task.Run(LookAsync);
    }

    /// <summary>The ids of the active runs.</summary>
    internal IReadOnlyList<string> Ids => _ids;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        bool away = false;
        do
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                limit.CancelAfter(Timeout);
                _ids = [.. await _store.ListActiveAsync(limit.Token)];
                if (away) _log("the run store can be reached again");
                away = false;
            }
            catch (Exception fault)
            {
                if (!away && !_stop.IsCancellationRequested)
                    _log($"the run store cannot be reached: {fault.Message.ReplaceLineEndings(" ")}");
                away = true;
            }
        }
        while (await WaitAsync(timer));
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
