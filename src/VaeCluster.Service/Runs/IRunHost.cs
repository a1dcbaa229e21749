using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>What drives the runs of a <see cref="RunService"/>: this process, or the silos of a cluster.</summary>
public interface IRunHost
{
    /// <summary>Why no run is taken now; null: runs are taken.</summary>
    string? WhyClosed { get; }

    /// <summary>The run's state in the store was changed: whoever is in charge of it, or shall be, looks at it now rather than
    /// later.</summary>
    /// <param name="id">The run.</param>
    Task LookAsync(string id);

    /// <summary>The last step that is done of a run in progress; null: nobody can tell just now.</summary>
    /// <param name="id">The run.</param>
    Task<int?> StepAsync(string id);

    /// <summary>The workers of a run in progress, as far as they answer.</summary>
    /// <param name="id">The run.</param>
    Task<RunWorkers> WorkersAsync(string id);

    /// <summary>The weights of a run in progress; null: they are not in this process.</summary>
    /// <param name="id">The run.</param>
    LiveWeights? Live(string id);

    /// <summary>Completes when a run is no longer in progress; null: that cannot be told here, or it is not driven now.</summary>
    /// <param name="id">The run.</param>
    Task? EndOf(string id);
}
