using Orleans.Concurrency;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>Drives a sweep while it is in progress. The key is the sweep's id.</summary>
[Alias("vaecluster.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts driving the sweep, or stops it, as the store says. Silos call this about once a second, so a sweep whose silo was lost is
    /// activated again elsewhere.
    /// </summary>
    [Alias("Look")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task LookAsync();

    /// <summary>Changes the sweep if this grain is driving it.</summary>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <returns>False if the sweep is not being driven here.</returns>
    [Alias("Change")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:30")]
    Task<bool> ChangeAsync(string[] overrides);

    /// <summary>The current <see cref="SweepSummary"/> as JSON; null if the sweep is not being driven here.</summary>
    [Alias("Summary")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<string?> SummaryAsync();
}
