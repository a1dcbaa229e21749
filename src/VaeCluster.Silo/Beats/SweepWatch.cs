using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Calls the grains of all sweeps in progress once a second, so that a sweep whose silo was lost is activated again on another silo.
/// </summary>
/// <param name="sweeps">The sweep store.</param>
/// <param name="look">Calls the grain of the sweep with the given id.</param>
/// <param name="time">The clock for the interval.</param>
internal sealed class SweepWatch(IRunStore sweeps, Func<string, Task> look, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IntervalLoop _loop = new(
        Interval,
        async limit =>
        {
            foreach (StoredRun sweep in (await sweeps.ListAsync(limit)).Where(sweep => sweep.State.IsInProgress()))
                await look(sweep.Id).WaitAsync(limit);
        },
        time);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();
}
