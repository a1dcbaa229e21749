using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// Adds runs or sweeps, one at a time across all hosts of a store, so that a key never stands for two of them, however many submissions
/// with it arrive at once, and wherever.
/// </summary>
/// <typeparam name="T">Access to the files of one folder.</typeparam>
/// <param name="store">The store.</param>
/// <param name="catalog">The folders.</param>
/// <param name="noun">Run or sweep, for messages.</param>
internal sealed class Submissions<T>(IRunStore store, FolderCatalog<T> catalog, string noun)
    where T : class
{
    /// <summary>The run or sweep that was submitted with a key.</summary>
    /// <param name="key">The key; null finds nothing.</param>
    /// <param name="hash">The hash of what is submitted now.</param>
    /// <param name="queued">
    /// Returns the state to store, given the folder: the first submitter may have died before it could store one.
    /// </param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>Its id; null if there is none.</returns>
    /// <exception cref="RunRefusedException">Something else was submitted with this key.</exception>
    internal async Task<string?> FindAsync(string? key, string hash, Func<T, StoredRun> queued, CancellationToken cancellation)
    {
        // Look first without the lock, since most keys are new.
        if (catalog.WithKey(key) is null) return null;
        await using IAsyncDisposable turn = await store.LockAsync(cancellation);
        return await FindInTurnAsync(key, hash, queued);
    }

    /// <summary>Adds a run or sweep, unless its key is known by now.</summary>
    /// <param name="key">The key; null for none.</param>
    /// <param name="hash">The hash of what is submitted.</param>
    /// <param name="add">Makes the folder, and returns the state to store.</param>
    /// <param name="queued">As in <see cref="FindAsync"/>.</param>
    /// <param name="cancellation">Ends the waiting for others; what has begun is completed.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="RunRefusedException">Something else was submitted with this key, or the disk is full.</exception>
    internal async Task<string> AddAsync(string? key, string hash, Func<StoredRun> add, Func<T, StoredRun> queued,
        CancellationToken cancellation)
    {
        try
        {
            await using IAsyncDisposable turn = await store.LockAsync(cancellation);
            if (await FindInTurnAsync(key, hash, queued) is { } known) return known;
            return await StoreAsync(add());
        }
        catch (IOException fault) when (FullDisk.Is(fault))
        {
            throw FullDisk.Refusal(catalog.Path, fault);
        }
    }

    /// <summary>
    /// Stores what a host that died had made a folder for but not stored yet; otherwise it would look like a run that was stopped.
    /// </summary>
    /// <param name="cancellation">Ends the waiting for others.</param>
    /// <returns>Its ids, oldest first.</returns>
    internal async Task<IReadOnlyList<string>> AdoptAsync(CancellationToken cancellation)
    {
        var adopted = new List<string>();
        await using IAsyncDisposable turn = await store.LockAsync(cancellation);
        foreach (string id in catalog.Ids().Reverse())
        {
            if (PendingSubmission.Read(catalog.PathOf(id)) is not { } run) continue;
            if (await store.AddAsync(run with { Id = id }, CancellationToken.None)) adopted.Add(id);
            PendingSubmission.Remove(catalog.PathOf(id));
        }

        return adopted;
    }

    private async Task<string?> FindInTurnAsync(string? key, string hash, Func<T, StoredRun> queued)
    {
        if (key is null || catalog.WithKey(key) is not { } id) return null;
        SubmissionKeys.DemandSame(catalog.PathOf(id), key, hash);
        await store.AddAsync(queued(catalog.Find(id)), CancellationToken.None);
        PendingSubmission.Remove(catalog.PathOf(id));
        return id;
    }

    private async Task<string> StoreAsync(StoredRun run)
    {
        try
        {
            if (await store.AddAsync(run, CancellationToken.None))
            {
                PendingSubmission.Remove(catalog.PathOf(run.Id));
                return run.Id;
            }

            throw new RunRefusedException(RunRefusal.Conflict,
                new BadInputException(noun, null, run.Id, $"the store has a {noun} with this id but its folder is missing"));
        }
        catch
        {
            Directory.Delete(catalog.PathOf(run.Id), recursive: true);
            throw;
        }
    }
}
