using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Health;

/// <summary>Whether this silo is of use: a member of its cluster, with a store and the folder of runs within reach.</summary>
/// <param name="silo">Orleans' view of the membership.</param>
/// <param name="store">The store.</param>
/// <param name="runs">The folder of runs; null: this silo needs none.</param>
internal sealed class Readiness(ISiloStatusOracle silo, IRunStore store, string? runs)
{
    private volatile bool _isLeaving;

    /// <summary>From now on it is not: it finishes what it has.</summary>
    internal void Leave() => _isLeaving = true;

    /// <summary>Why runs cannot be dealt with at all; null: they can.</summary>
    internal string? WhyClosed() => silo.CurrentStatus == SiloStatus.Active || _isLeaving
        ? null
        : $"this silo is not yet a member of its cluster ({silo.CurrentStatus.ToString().ToLowerInvariant()})";

    /// <summary>Why nothing new should be sent here; null: it may.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    internal async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        if (_isLeaving) return "this silo is leaving its cluster";
        if (WhyClosed() is { } reason) return reason;
        if (await store.WhyNotReadyAsync(cancellation) is { } away) return away;
        return runs is null || Directory.Exists(runs) ? null : $"the folder {runs} is gone";
    }
}
