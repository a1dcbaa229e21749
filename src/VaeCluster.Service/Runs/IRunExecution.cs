using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>How a host computes one run: in its own process, or on the silos of a cluster.</summary>
public interface IRunExecution : IDisposable
{
    /// <summary>The weights of the run while it trains; null: they are not in this process.</summary>
    LiveWeights? Live { get; }

    /// <summary>What the run is trained with; the driver adds that it watches.</summary>
    /// <param name="run">The run as the store has it.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="notice">Told what a person should know.</param>
    TrainingOptions Prepare(Store.StoredRun run, RunFolder folder, Action<string> notice);

    /// <summary>The workers and what they have done in the last steps, as far as they answer.</summary>
    Task<RunWorkers> WorkersAsync();
}
