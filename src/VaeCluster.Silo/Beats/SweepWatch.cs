using VaeCluster.Grains.Sweeps;
using VaeCluster.Training.Service;

namespace VaeCluster.Silo.Beats;

/// <summary>Reminds the grains of all sweeps in progress once a second that they are in charge: so one whose silo was lost comes back on another.</summary>
internal sealed class SweepWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunStore _sweeps;
    private readonly IGrainFactory _grains;
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="sweeps">The store of sweeps.</param>
    /// <param name="grains">Finds the grains.</param>
    internal SweepWatch(IRunStore sweeps, IGrainFactory grains)
    {
        _sweeps = sweeps;
        _grains = grains;
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
        using var timer = new PeriodicTimer(Interval);
        while (await WaitAsync(timer))
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                limit.CancelAfter(Patience);
                IReadOnlyList<StoredRun> sweeps = await _sweeps.ListAsync(limit.Token);
                foreach (StoredRun sweep in sweeps.Where(sweep => sweep.State.IsInProgress()))
                    await _grains.GetGrain<ISweepGrain>(sweep.Id).LookAsync().WaitAsync(limit.Token);
            }
            catch (Exception)
            {
                // The store is away, which is told of elsewhere, or a grain is on its way to another silo: the next look finds them.
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
