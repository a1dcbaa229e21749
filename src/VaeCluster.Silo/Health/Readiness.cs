using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Health;

/// <summary>Whether this silo is ready: a member of its cluster that can reach the store and the folder of runs.</summary>
/// <param name="silo">Orleans' view of the membership.</param>
/// <param name="store">The store.</param>
/// <param name="runs">The folder of runs; null on a silo that needs none.</param>
internal sealed class Readiness(ISiloStatusOracle silo, IRunStore store, string? runs)
{
    private volatile bool _isLeaving;

    /// <summary>Marks the silo as leaving: not ready from now on, but still working.</summary>
    internal void Leave() => _isLeaving = true;

    /// <summary>Why the API cannot serve requests at all; null if it can.</summary>
    internal string? WhyClosed() => silo.CurrentStatus == SiloStatus.Active || _isLeaving
        ? null
        : $"this silo is not yet a member of its cluster ({silo.CurrentStatus.ToString().ToLowerInvariant()})";

    /// <summary>Why no new requests should be sent here; null if they may.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        if (_isLeaving) return "this silo is leaving its cluster";
        if (WhyClosed() is { } reason) return reason;
        if (await store.WhyNotReadyAsync(cancellation) is { } away) return away;
        return runs is null || Directory.Exists(runs) ? null : $"the folder {runs} does not exist";
    }
}
