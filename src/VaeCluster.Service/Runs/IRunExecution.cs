using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>Executes one run, in this process or on the silos of a cluster.</summary>
public interface IRunExecution : IDisposable
{
    /// <summary>The weights of the run during training; null if they are not in this process.</summary>
    LiveWeights? Live { get; }

    /// <summary>Returns the options for training the run; the driver adds itself as the observer.</summary>
    /// <param name="run">The stored run.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="notice">Receives notices for the operator.</param>
    TrainingOptions Prepare(Store.StoredRun run, RunFolder folder, Action<string> notice);

    /// <summary>The workers and how they spent the last steps, as far as they can be reached.</summary>
    Task<RunWorkers> WorkersAsync();
}
