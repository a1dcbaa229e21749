using VaeCluster.Core;

namespace VaeCluster.Service.Store;

/// <summary>
/// The stored state of the run or sweep that a driver is in charge of. If its record is damaged meanwhile, the driver's own copy replaces
/// it, so that the outcome is not lost.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="id">The run or sweep.</param>
/// <param name="log">Receives a line when the record is replaced.</param>
internal sealed class OwnState(IRunStore store, string id, Action<string>? log)
{
    private StoredRun? _known;

    /// <summary>The stored state; null if it was deleted.</summary>
    internal async Task<StoredRun?> FindAsync()
    {
        try
        {
            StoredRun? found = await store.FindAsync(id, CancellationToken.None);
            if (found is not null) Volatile.Write(ref _known, found);
            return found;
        }
        catch (BadInputException fault) when (Volatile.Read(ref _known) is { } known)
        {
            if (await store.RestoreAsync(known, CancellationToken.None) is not { } restored) throw;
            log?.Invoke($"{id}: {fault.Message}; it was written again as it was last known");
            return restored;
        }
    }

    /// <summary>Changes the state, and tries again as long as another change came first.</summary>
    /// <param name="change">Computes the new state; null or the same state changes nothing.</param>
    /// <returns>The state after the change; null if it was deleted.</returns>
    internal async Task<StoredRun?> ChangeAsync(Func<StoredRun, StoredRun> change)
    {
        while (await FindAsync() is { } stored)
        {
            StoredRun next = change(stored);
            if (next == stored) return stored;
            if (await store.ChangeAsync(next, CancellationToken.None) is not { } changed) continue;
            Volatile.Write(ref _known, changed);
            return changed;
        }

        return null;
    }
}
