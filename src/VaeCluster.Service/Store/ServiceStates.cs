using System.Collections.Concurrent;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>Where the runs, or the sweeps, of a folder stand: as the store says, and where the store knows nothing, as their files
/// tell.</summary>
/// <typeparam name="T">The files of one.</typeparam>
/// <param name="store">The store.</param>
/// <param name="catalog">The folders.</param>
/// <param name="noun">What they are in messages: run or sweep.</param>
internal sealed class ServiceStates<T>(IRunStore store, FolderCatalog<T> catalog, string noun)
    where T : class
{
    // A store that does not answer is not asked for every look at a run.
    private static readonly TimeSpan StorePatience = TimeSpan.FromMilliseconds(300), AwayFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, StoredRun> _lastKnown = [];
    private long _awayUntil;

    /// <summary>Where one stands.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">There is none of this id.</exception>
    internal async Task<StoredRun> FindAsync(string id, CancellationToken cancellation)
    {
        catalog.Find(id);
        return _lastKnown[id] = catalog.StateOf(id, await store.FindAsync(id, cancellation));
    }

    /// <summary>As <see cref="FindAsync"/>, for whoever only looks: goes on with what was known last while the store is away, as training
    /// does.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<StoredRun> LookUpAsync(string id, CancellationToken cancellation)
    {
        if (!_lastKnown.TryGetValue(id, out StoredRun? known)) return await FindAsync(id, cancellation);
        if (Interlocked.Read(ref _awayUntil) > Environment.TickCount64) return known;
        try
        {
            return await FindAsync(id, cancellation).WaitAsync(StorePatience, cancellation);
        }
        catch (Exception fault) when (fault is not (RunRefusedException or BadInputException or OperationCanceledException))
        {
            Interlocked.Exchange(ref _awayUntil, Environment.TickCount64 + (long)AwayFor.TotalMilliseconds);
            return known;
        }
    }

    /// <summary>A page of the list, newest first; one that is deleted between the list and its description is left out.</summary>
    /// <typeparam name="TInfo">A description.</typeparam>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">The id that the page before ended with; null: the first page.</param>
    /// <param name="describe">Describes one.</param>
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

    /// <summary>Changes where one stands, anew as long as somebody else was faster.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">The change; what it throws the caller gets, and what stays as it is is not written.</param>
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

    /// <summary>Tells one to end: after what is in progress, or at once where nothing has begun.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="word">Stopping or pausing.</param>
    /// <param name="participle">What is done to it, in messages.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">It is not in progress.</exception>
    internal Task<StoredRun> EndAsync(string id, RunState word, string participle, CancellationToken cancellation) =>
        ChangeAsync(id, known => known.State switch
    {
        RunState.Queued => known with { State = word.AtRest() },
        RunState.Running or RunState.Stopping or RunState.Pausing => known with { State = word },
        _ => throw Conflict(known, $"only a {noun} in progress can be {participle}"),
    }, cancellation);

    /// <summary>Queues one to go on; a finished one stays as it is.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="workers">Workers from now on; null: as before.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">It is in progress.</exception>
    internal Task<StoredRun> ResumeAsync(string id, int? workers, CancellationToken cancellation) =>
        ChangeAsync(id, known => known.State switch
    {
        RunState.Finished => known,
        RunState.Stopped or RunState.Paused or RunState.Failed =>
            known with { State = RunState.Queued, Error = null, Notes = [], Workers = workers ?? known.Workers },
        _ => throw Conflict(known, $"only a {noun} that is not in progress can be resumed"),
    }, cancellation);

    /// <summary>Refuses one that is in progress.</summary>
    /// <param name="known">Where it stands.</param>
    /// <exception cref="RunRefusedException">It is in progress.</exception>
    internal void DemandDeletable(StoredRun known)
    {
        if (known.State.IsInProgress()) throw Conflict(known, $"only a {noun} that is not in progress can be deleted");
    }

    /// <summary>Forgets one; false: somebody has changed it meanwhile.</summary>
    /// <param name="known">Where it stood when it was found.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<bool> RemoveAsync(StoredRun known, CancellationToken cancellation)
    {
        if (known.Version != StoredRun.NotStored && !await store.RemoveAsync(known, cancellation)) return false;
        _lastKnown.TryRemove(known.Id, out _);
        return true;
    }

    /// <summary>A refusal for what one's state does not allow.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="allowed">What state it is in and what would be needed.</param>
    internal RunRefusedException Conflict(string id, string allowed) =>
        new(RunRefusal.Conflict, new BadInputException(noun, null, id, allowed));

    private RunRefusedException Conflict(StoredRun known, string allowed) =>
        Conflict(known.Id, $"this {noun} is {known.State.Word()}; {allowed}");
}
