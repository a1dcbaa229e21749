using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>What every run store guarantees.</summary>
internal static class RunStoreLaws
{
    /// <summary>A run is added once, read back completely, and listed newest first.</summary>
    internal static async Task AddsOnceAndListsTheNewestFirstAsync(IRunStore store)
    {
        Assert.Empty(await store.ListAsync(default));
        Assert.Empty(await store.ListActiveAsync(default));
        Assert.Null(await store.FindAsync("001-a", default));
        Assert.True(await store.AddAsync(StoredRuns.Queued("001-a") with { Version = 77 }, default));
        Assert.True(await store.AddAsync(StoredRuns.Queued("002-b", minutes: 2), default));
        Assert.True(await store.AddAsync(StoredRuns.Queued("003-c", minutes: 1), default));
        Assert.False(await store.AddAsync(StoredRuns.Full("001-a"), default));
        StoredRuns.Same(StoredRuns.Queued("001-a"), await store.FindAsync("001-a", default));
        Assert.Equal(["002-b", "003-c", "001-a"], (await store.ListAsync(default)).Select(run => run.Id));
        foreach (RunState state in Enum.GetValues<RunState>())
        {
            StoredRun known = (await store.FindAsync("003-c", default))!;
            Assert.NotNull(await store.ChangeAsync(known with { State = state }, default));
            string[] active = state.IsInProgress() ? ["002-b", "003-c", "001-a"] : ["002-b", "001-a"];
            Assert.Equal(active, await store.ListActiveAsync(default));
        }

        Assert.Null(await store.FindAsync("004-d", default));
        Assert.Null(await store.ChangeAsync(StoredRuns.Queued("004-d"), default));
    }

    /// <summary>A change is accepted only from a caller that has seen the last one.</summary>
    internal static async Task TakesAChangeOnlyOfTheNewestVersionAsync(IRunStore store)
    {
        await store.AddAsync(StoredRuns.Queued("001-a"), default);
        StoredRun? read = await store.FindAsync("001-a", default);
        StoredRun? changed = await store.ChangeAsync(StoredRuns.Full("001-a") with { Version = read!.Version }, default);
        Assert.Equal(read.Version + 1, changed!.Version);
        Assert.Null(await store.ChangeAsync(read with { State = RunState.Running }, default));
        Assert.Null(await store.ChangeAsync(changed with { Version = changed.Version + 1 }, default));
        StoredRuns.Same(changed, await store.FindAsync("001-a", default));
        StoredRuns.Same(StoredRuns.Full("001-a") with { Version = changed.Version }, changed);

        // The same holds for a removal, after which the id can be used again.
        Assert.False(await store.RemoveAsync(read, default));
        Assert.True(await store.RemoveAsync(changed, default));
        Assert.False(await store.RemoveAsync(changed, default));
        Assert.Null(await store.FindAsync("001-a", default));
        Assert.Null(await store.ChangeAsync(changed, default));
        Assert.Empty(await store.ListAsync(default));
        Assert.True(await store.AddAsync(StoredRuns.Queued("001-a"), default));
    }

    /// <summary>Eight writers add notes, reading again whenever another was faster: no note is lost.</summary>
    internal static async Task LosesNoChangeOfManyWritersAsync(Func<IRunStore> open)
    {
        const int Writers = 8;
        const int Each = 12;
        bool[] added = await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(_ => Task.Run(() => open().AddAsync(StoredRuns.Queued("001-a"), default))));
        Assert.Single(added, true);
        using var start = new Barrier(Writers);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => OnThread(async () =>
        {
            IRunStore store = open();
            start.SignalAndWait();
            for (int note = 0; note < Each; note++)
            {
                StoredRun? changed = null;
                while (changed is null)
                {
                    StoredRun run = (await store.FindAsync("001-a", default))!;
                    changed = await store.ChangeAsync(run with { Notes = [.. run.Notes, $"{writer} {note}"] }, default);
                }
            }
        })));
        StoredRun end = (await open().FindAsync("001-a", default))!;
        Assert.Equal(Writers * Each, end.Version);
        Assert.Equal(Writers * Each, end.Notes.Distinct().Count());
    }

    /// <summary>Turns of many hosts never overlap, also not between the stores of runs and of sweeps, and one that is given up is
    /// free.</summary>
    internal static async Task LetsOneHostAtATimeInAsync(params Func<IRunStore>[] open)
    {
        int inside = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(host => Task.Run(async () =>
        {
            IRunStore store = open[host % open.Length]();
            for (int turn = 0; turn < 5; turn++)
            {
                await using IAsyncDisposable mine = await store.LockAsync(default);
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        })));
        Assert.Equal((0, 1), (inside, most));
        using var impatient = new CancellationTokenSource();
        await using (await open[0]().LockAsync(default))
        {
            Task<IAsyncDisposable> waiting = open[^1]().LockAsync(impatient.Token);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        await (await open[^1]().LockAsync(default)).DisposeAsync();
    }

    // On a busy thread pool the writers would run one after another.
    private static Task OnThread(Func<Task> work) => Task.Factory.StartNew(
        () => work().GetAwaiter().GetResult(), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
