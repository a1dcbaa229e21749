using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Store;

/// <summary>
/// Stores what must outlive every silo: which runs exist, their states and their generations. Every change is one atomic, conditional
/// write. Sweeps are stored in the same way.
/// </summary>
public interface IRunStore
{
    /// <summary>Adds a run.</summary>
    /// <param name="run">The run; its version is ignored.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>Whether it was added; false if the id is taken.</returns>
    Task<bool> AddAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>Finds a run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>The run; null if there is none.</returns>
    Task<StoredRun?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>All runs, newest first.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation);

    /// <summary>Ids of the runs in progress, newest first. Silos call this all the time, so its cost must not grow with the number of ended
    /// runs.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation);

    /// <summary>Changes a run, provided that it has not changed since it was read.</summary>
    /// <param name="run">The new state, with the version that was read.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>The run with its new version; null if it was changed or deleted in the meantime.</returns>
    Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>Removes a run, provided that it has not changed since it was read. Its generations stay, because a new run with the same id
    /// must start above them.</summary>
    /// <param name="run">The run, with the version that was read.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>Whether it was removed; false if it was changed or deleted in the meantime.</returns>
    Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>Writes the record of a run again if it is damaged; does nothing if it can be read.</summary>
    /// <param name="run">The run as it was last known to its driver.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>The stored run; null if there is no record at all.</returns>
    Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>
    /// Waits for its turn to add or delete runs or sweeps, across all hosts of this store and of the one for the other kind. Not reentrant.
    /// </summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The turn; dispose of it to let the next one in. It ends by itself when the process dies.</returns>
    Task<IAsyncDisposable> LockAsync(CancellationToken cancellation);

    /// <summary>The generations of a run.</summary>
    /// <param name="id">The run.</param>
    IGenerations Generations(string id);

    /// <summary>Why the store cannot be used, in one line; null if it can.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
