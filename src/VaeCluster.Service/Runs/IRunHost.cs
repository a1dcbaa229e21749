using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>Drives the runs of a <see cref="RunService"/>, in this process or on the silos of a cluster.</summary>
public interface IRunHost
{
    /// <summary>Why no runs are accepted now; null if they are.</summary>
    string? WhyClosed { get; }

    /// <summary>Notifies the run's driver, or the one to be started, that the state in the store has changed.</summary>
    /// <param name="id">The run.</param>
    Task LookAsync(string id);

    /// <summary>The last completed step of a run in progress; null if no driver answers.</summary>
    /// <param name="id">The run.</param>
    Task<int?> StepAsync(string id);

    /// <summary>The workers of a run in progress, as far as they can be reached.</summary>
    /// <param name="id">The run.</param>
    Task<RunWorkers> WorkersAsync(string id);

    /// <summary>The weights of a run in progress; null if they are not in this process.</summary>
    /// <param name="id">The run.</param>
    LiveWeights? Live(string id);

    /// <summary>Completes when a run is no longer in progress; null if this host cannot tell, or does not drive it.</summary>
    /// <param name="id">The run.</param>
    Task? EndOf(string id);
}
