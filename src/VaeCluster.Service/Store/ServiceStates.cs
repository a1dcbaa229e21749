using System.Collections.Concurrent;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The states of the runs or sweeps of a folder: the stored ones, or for those unknown to the store, the ones that their files
/// imply.</summary>
/// <typeparam name="T">Access to the files of one folder.</typeparam>
/// <param name="store">The store.</param>
/// <param name="catalog">The folders.</param>
/// <param name="noun">Run or sweep, for messages.</param>
internal sealed class ServiceStates<T>(IRunStore store, FolderCatalog<T> catalog, string noun)
    where T : class
{
    // How long a lookup waits for the store, and how long lookups leave it alone after a failure.
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromMilliseconds(300), AwayFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, StoredRun> _lastKnown = [];
    private long _awayUntil;

    /// <summary>The state of a run or sweep.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The id is unknown.</exception>
    internal async Task<StoredRun> FindAsync(string id, CancellationToken cancellation)
    {
        catalog.Find(id);
        return _lastKnown[id] = catalog.StateOf(id, await store.FindAsync(id, cancellation));
    }

    /// <summary>As <see cref="FindAsync"/>, for read-only callers: returns the last known state while the store cannot be reached, since
    /// training continues then too.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<StoredRun> LookUpAsync(string id, CancellationToken cancellation)
    {
        if (!_lastKnown.TryGetValue(id, out StoredRun? known)) return await FindAsync(id, cancellation);
        if (Interlocked.Read(ref _awayUntil) > Environment.TickCount64) return known;
        try
        {
            return await FindAsync(id, cancellation).WaitAsync(StoreTimeout, cancellation);
        }
        catch (Exception fault) when (fault is not (RunRefusedException or BadInputException or OperationCanceledException))
        {
            Interlocked.Exchange(ref _awayUntil, Environment.TickCount64 + (long)AwayFor.TotalMilliseconds);
            return known;
        }
    }

    /// <summary>A page of the list, newest first. A run or sweep that is deleted while the page is made is left out.</summary>
    /// <typeparam name="TInfo">The type of a description.</typeparam>
    /// <param name="limit">The most entries to return.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="describe">Describes a run or sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<(TInfo[] Page, string? Next)> ListAsync<TInfo>(int limit, string? after, Func<StoredRun, Task<TInfo>> describe,
        CancellationToken cancellation)
        where TInfo : class
    {
        Dictionary<string, StoredRun> stored = (await store.ListAsync(cancellation)).ToDictionary(run => run.Id);
        IEnumerable<StoredRun> all = catalog.Ids().Select(id => stored.GetValueOrDefault(id) ?? catalog.StateOf(id, null))
            .OrderByDescending(run => run.Submitted).ThenByDescending(run => run.Id, StringComparer.Ordinal);
        if (after is not null) all = all.SkipWhile(run => run.Id != after).Skip(1);
        StoredRun[] page = [.. all.Take(limit + 1)];
        TInfo?[] found = await Task.WhenAll(page.Take(limit).Select(TryDescribeAsync));
        return ([.. found.OfType<TInfo>()], page.Length > limit ? page[limit - 1].Id : null);

        async Task<TInfo?> TryDescribeAsync(StoredRun run)
        {
            try
            {
                return await describe(catalog.StateOf(run.Id, run));
            }
            catch (RunRefusedException fault) when (fault.Reason == RunRefusal.NotFound)
            {
                return null;
            }
        }
    }

    /// <summary>Changes a state, and tries again as long as another change came first.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">Computes the new state. An exception reaches the caller; an unchanged state is not written.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<StoredRun> ChangeAsync(string id, Func<StoredRun, StoredRun> change, CancellationToken cancellation)
    {
        while (true)
        {
            StoredRun known = await FindAsync(id, cancellation), next = change(known);
            if (next == known) return known;
            if (known.Version != StoredRun.NotStored)
            {
                if (await store.ChangeAsync(next, cancellation) is { } changed) return changed;
            }
            else if (await store.AddAsync(next, cancellation))
            {
                return next with { Version = 0 };
            }
        }
    }

    /// <summary>Requests a stop or pause: after the step in progress, or at once if nothing has begun.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="word"><see cref="RunState.Stopping"/> or <see cref="RunState.Pausing"/>.</param>
    /// <param name="participle">The participle for messages, such as paused.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run or sweep is not in progress.</exception>
    internal Task<StoredRun> EndAsync(string id, RunState word, string participle, CancellationToken cancellation) =>
        ChangeAsync(id, known => known.State switch
    {
        RunState.Queued => known with { State = word.AtRest() },
        RunState.Running or RunState.Stopping or RunState.Pausing => known with { State = word },
        _ => throw Conflict(known, $"only a {noun} in progress can be {participle}"),
    }, cancellation);

    /// <summary>Queues a run or sweep to continue; a finished one is left alone.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="workers">Workers from now on; null to keep their number.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run or sweep is in progress.</exception>
    internal Task<StoredRun> ResumeAsync(string id, int? workers, CancellationToken cancellation) =>
        ChangeAsync(id, known => known.State switch
    {
        RunState.Finished => known,
        RunState.Stopped or RunState.Paused or RunState.Failed =>
            known with { State = RunState.Queued, Error = null, Notes = [], Workers = workers ?? known.Workers },
        _ => throw Conflict(known, $"only a {noun} that is not in progress can be resumed"),
    }, cancellation);

    /// <summary>Refuses to delete what is in progress.</summary>
    /// <param name="known">Its state.</param>
    /// <exception cref="RunRefusedException">The run or sweep is in progress.</exception>
    internal void DemandDeletable(StoredRun known)
    {
        if (known.State.IsInProgress()) throw Conflict(known, $"only a {noun} that is not in progress can be deleted");
    }

    /// <summary>Removes a run or sweep from the store; false if it was changed in the meantime.</summary>
    /// <param name="known">Its state as it was read.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<bool> RemoveAsync(StoredRun known, CancellationToken cancellation)
    {
        if (known.Version != StoredRun.NotStored && !await store.RemoveAsync(known, cancellation)) return false;
        _lastKnown.TryRemove(known.Id, out _);
        return true;
    }

    /// <summary>The error for something that the state does not allow.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="allowed">The current state and what is needed.</param>
    internal RunRefusedException Conflict(string id, string allowed) =>
        new(RunRefusal.Conflict, new BadInputException(noun, null, id, allowed));

    private RunRefusedException Conflict(StoredRun known, string allowed) =>
        Conflict(known.Id, $"this {noun} is {known.State.Word()}; {allowed}");
}
