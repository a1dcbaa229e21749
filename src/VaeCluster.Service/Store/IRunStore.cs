using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Store;

/// <summary>
/// What must outlive every silo: which runs there are, where they stand, and their fences. Every change is one atomic, conditional write.
/// </summary>
public interface IRunStore
{
    /// <summary>Adds a run.</summary>
    /// <param name="run">The run; its version is not looked at.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>Whether it was added; false where the id is taken.</returns>
    Task<bool> AddAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>One run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>The run, or null where there is none.</returns>
    Task<StoredRun?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>All runs, the newest first.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation);

    /// <summary>Ids of the runs in progress, the newest first: what silos ask all the time, however many runs there have been.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation);

    /// <summary>Changes a run, if nobody has changed it since it was read.</summary>
    /// <param name="run">The run as it shall be, with the version that was read.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>The run with its new version; null where it was changed or deleted in between.</returns>
    Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>Forgets a run, if nobody has changed it since it was read. Its fence stays: a run of the same id must not begin below
    /// it.</summary>
    /// <param name="run">The run with the version that was read.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <returns>Whether it is forgotten; false where it was changed or deleted in between.</returns>
    Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation);

    /// <summary>The fence of a run.</summary>
    /// <param name="id">The run.</param>
    IGenerations Generations(string id);

    /// <summary>Whether it can be reached; null: yes, else the reason in one line.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
