using Orleans.Concurrency;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>In charge of a sweep while the sweep is in progress. Its key is the sweep's id.</summary>
[Alias("vaecluster.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Takes charge of the sweep, or stops it, as the store says. Silos call it time and again; the first call after a loss brings
    /// it back.</summary>
    [Alias("Look")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task LookAsync();

    /// <summary>Changes the sweep while it is in progress here.</summary>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <returns>False: it is not in progress here.</returns>
    [Alias("Change")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:30")]
    Task<bool> ChangeAsync(string[] overrides);

    /// <summary>The sweep as it stands, a <see cref="SweepSummary"/> as JSON; null: it is not in progress here.</summary>
    [Alias("Summary")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<string?> SummaryAsync();
}
