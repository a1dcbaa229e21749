using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// The runs that somebody must be in charge of, as the store says; looked at twice a second. While the store is away those of before are
/// taken to go on.
/// </summary>
internal sealed class ActiveRuns : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunStore _store;
    private readonly Action<string> _log;
    private readonly Task _looking;
    private volatile string[] _ids = [];

    /// <summary>Begins to look.</summary>
    /// <param name="store">The store.</param>
    /// <param name="log">Told when the store goes away and comes back.</param>
    internal ActiveRuns(IRunStore store, Action<string> log)
    {
        _store = store;
        _log = log;
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Their ids.</summary>
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
                limit.CancelAfter(Patience);
                _ids = [.. await _store.ListActiveAsync(limit.Token)];
                if (away) _log("the store of runs is back");
                away = false;
            }
            catch (Exception fault)
            {
                if (!away && !_stop.IsCancellationRequested) _log($"the store of runs is away: {fault.Message.ReplaceLineEndings(" ")}");
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
