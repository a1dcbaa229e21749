using VaeCluster.Core;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>What drives the sweeps of a <see cref="SweepService"/>: this process, or the silos of a cluster.</summary>
public interface ISweepHost
{
    /// <summary>Why no sweep is taken now; null: sweeps are taken.</summary>
    string? WhyClosed { get; }

    /// <summary>The sweep's state in the store was changed: whoever is in charge of it, or shall be, looks at it now rather than
    /// later.</summary>
    /// <param name="id">The sweep.</param>
    Task LookAsync(string id);

    /// <summary>A sweep in progress as its driver has it; null: nobody can tell just now.</summary>
    /// <param name="id">The sweep.</param>
    Task<SweepSummary?> SummaryAsync(string id);

    /// <summary>Changes a sweep while it is in progress.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <returns>False: its driver has not begun or has ended.</returns>
    /// <exception cref="BadInputException">An override cannot be used.</exception>
    Task<bool> ChangeAsync(string id, IReadOnlyList<string> overrides);

    /// <summary>Completes when a sweep is no longer in progress; null: that cannot be told here, or it is not driven now.</summary>
    /// <param name="id">The sweep.</param>
    Task? EndOf(string id);
}
