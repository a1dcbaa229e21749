using VaeCluster.Distributed.Silos;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Forgets runs that have no work on this silo and were deleted. Otherwise a silo would keep their weights as long as it lives.
/// </summary>
/// <param name="store">The store, which knows every run that is not deleted.</param>
/// <param name="silo">The silo's workers and ranges.</param>
/// <param name="time">The clock for the interval.</param>
internal sealed class DeletedRuns(IRunStore store, LocalSilo silo, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly IntervalLoop _loop = new(
        Interval,
        async limit =>
        {
            foreach (string run in silo.IdleRuns)
                if (await store.FindAsync(run, limit) is null) silo.Drop(run);
        },
        time);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();
}
