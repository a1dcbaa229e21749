using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Coordination;

/// <summary>Drives a run while it is in progress. The key is the run's id.</summary>
[Alias("vaecluster.ICoordinatorGrain")]
public interface ICoordinatorGrain : IGrainWithStringKey
{
    /// <summary>Receives a silo's heartbeat. If the coordinator was lost, the next heartbeat activates it again on another silo.</summary>
    /// <param name="beat">The heartbeat.</param>
    [Alias("Beat")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:01")]
    Task BeatAsync(SiloBeat beat);

    /// <summary>Called when the run's state in the store has changed: starts driving the run, or stops it.</summary>
    [Alias("Look")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task LookAsync();

    /// <summary>The last completed step and the participating workers; null if the run is not being driven here.</summary>
    [Alias("Progress")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<RunProgress?> ProgressAsync();

    /// <summary>The workers and how they spent the last steps.</summary>
    /// <returns>A <see cref="VaeCluster.Service.Runs.RunWorkers"/> as JSON.</returns>
    [Alias("Workers")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<string> WorkersAsync();
}
