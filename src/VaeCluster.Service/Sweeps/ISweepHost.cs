using VaeCluster.Core;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>Drives the sweeps of a <see cref="SweepService"/>, in this process or on the silos of a cluster.</summary>
public interface ISweepHost
{
    /// <summary>Why no sweeps are accepted now; null if they are.</summary>
    string? WhyClosed { get; }

    /// <summary>Notifies the sweep's driver, or the one to be started, that the state in the store has changed.</summary>
    /// <param name="id">The sweep.</param>
    Task LookAsync(string id);

    /// <summary>The current summary of a sweep in progress; null if no driver answers.</summary>
    /// <param name="id">The sweep.</param>
    Task<SweepSummary?> SummaryAsync(string id);

    /// <summary>Changes a sweep in progress.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <returns>False if the sweep's driver has not begun or has ended.</returns>
    /// <exception cref="BadInputException">An override cannot be used.</exception>
    Task<bool> ChangeAsync(string id, IReadOnlyList<string> overrides);

    /// <summary>Completes when a sweep is no longer in progress; null if this host cannot tell, or does not drive it.</summary>
    /// <param name="id">The sweep.</param>
    Task? EndOf(string id);
}
