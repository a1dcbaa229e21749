using VaeCluster.Evaluation.Runs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.InProcess;

/// <summary>Executes a run on threads of this process.</summary>
/// <param name="options">How runs are executed.</param>
internal sealed class InProcessExecution(InProcessOptions options) : IRunExecution
{
    private readonly PhaseTimeline _timeline = new();

    public LiveWeights? Live { get; } = new();

    public TrainingOptions Prepare(StoredRun run, RunFolder folder, Action<string> notice) => TrainingSetup.Options(options.Engine) with
    {
        Workers = run.Workers,
        Threads = Math.Max(1, Math.Min(Environment.ProcessorCount / options.Parallel, RunCatalog.ReadSpec(folder).Training.Shards)),
        Live = Live,
        Timeline = _timeline,
        BeforeNode = options.BeforeNode,
    };

    public Task<RunWorkers> WorkersAsync() => Task.FromResult(RunWorkers.Of([], _timeline.Last(RunWorkers.Steps)));

    public void Dispose()
    {
        // Nothing to release: the run owns everything.
    }
}
