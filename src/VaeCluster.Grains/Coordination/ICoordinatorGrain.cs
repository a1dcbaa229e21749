using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Coordination;

/// <summary>In charge of a run while the run is in progress. Its key is the run's id.</summary>
[Alias("vaecluster.ICoordinatorGrain")]
public interface ICoordinatorGrain : IGrainWithStringKey
{
    /// <summary>A silo lives. The first beat after a coordinator was lost brings it back elsewhere.</summary>
    /// <param name="beat">The beat.</param>
    [Alias("Beat")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:01")]
    Task BeatAsync(SiloBeat beat);

    /// <summary>The run's state in the store was changed by someone: takes charge of it, or stops it.</summary>
    [Alias("Look")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task LookAsync();

    /// <summary>The last step done and the workers that take part; null: the run is not in progress here.</summary>
    [Alias("Progress")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<RunProgress?> ProgressAsync();

    /// <summary>The workers and what they have done in the last steps.</summary>
    /// <returns>A <see cref="VaeCluster.Service.Runs.RunWorkers"/> as JSON.</returns>
    [Alias("Workers")]
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<string> WorkersAsync();
}
