using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Exchange;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Silo.Beats;

namespace VaeCluster.Cluster.Tests.Keepers;

/// <summary>A silo forgets a run that was deleted, and no other.</summary>
public sealed class DeletedRunsTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_silo_forgets_what_was_deleted_and_keeps_what_was_not()
    {
        using var folder = new TemporaryFolder();
        var store = new AwayStore(new FileRunStore(folder.Path));
        StoredRun deleted = Run("001-a"), kept = Run("002-b");
        Assert.True(await store.AddAsync(deleted, default));
        Assert.True(await store.AddAsync(kept, default));
        using var silo = new LocalSilo(new LocalSiloOptions { Address = new SiloEndpoint("a", 1), Post = new Nowhere() });
        foreach (StoredRun run in new[] { deleted, kept })
        {
            // A run whose file cannot be read gets nothing here, but the silo has heard of it.
            var opening = new RangeOpening(new RunTicket(run.Id, "?", ""), 1, 1, 0, 0, [], silo.Address);
            await Assert.ThrowsAnyAsync<Exception>(() => silo.OpenAsync(opening));
        }

        Assert.Equal([deleted.Id, kept.Id], silo.IdleRuns.Order());

        var time = new SteppedTime();
        await using var runs = new DeletedRuns(store, silo, time);
        await time.WaitedForAsync(Interval);
        Assert.True(await store.RemoveAsync((await store.FindAsync(deleted.Id, default))!, default));
        store.IsAway = true;
        time.Advance(Interval);
        await store.RefusedAsync();
        Assert.Equal([deleted.Id, kept.Id], silo.IdleRuns.Order());

        store.IsAway = false;
        time.Advance(Interval);
        await UntilAsync(() => silo.IdleRuns.Count == 1);
        Assert.Equal([kept.Id], silo.IdleRuns);
    }

    private static StoredRun Run(string id) =>
        new() { Id = id, Submitted = DateTimeOffset.UnixEpoch, Workers = 1, State = RunState.Finished };

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Nowhere : ITensorPost
    {
        public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent) =>
            sent?.Invoke(null);
    }
}
