using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>Executes a run on those silos of the cluster whose heartbeats arrive.</summary>
/// <param name="options">Links, engine and limits.</param>
/// <param name="time">The clock for leases.</param>
public sealed class DistributedExecution(DistributedExecutionOptions options, TimeProvider time) : IRunExecution
{
    private readonly ClusterRoster _roster = new(time, options.Lease, tick: options.Lease / 10);
    private DistributedCluster? _cluster;

    /// <inheritdoc/>
    public LiveWeights? Live => null;

    /// <summary>The participating workers.</summary>
    public IReadOnlyList<string> Workers => _cluster?.Workers ?? [];

    /// <summary>Takes a silo's heartbeat.</summary>
    /// <param name="beat">The heartbeat.</param>
    public void Beat(SiloBeat beat) => _roster.Beat(beat);

    /// <inheritdoc/>
    public TrainingOptions Prepare(StoredRun run, RunFolder folder, Action<string> notice) => options.Training with
    {
        Cluster = training => _cluster = new DistributedCluster(new DistributedClusterOptions
        {
            Ticket = new RunTicket(run.Id, RunFile.Write(training.Spec), training.Data.Fingerprint()),
            Silo = options.Silo,
            Roster = _roster,
            Links = options.Links,
            Layout = training.Model.Layout,
            Moments = OptimizerFactory.Create(training.Spec.Training).Moments,
            Shards = training.Spec.Training.Shards,
            ExchangeLength = training.Spec.Training.Batch * (training.Model.Objective.Coupling?.Statistics ?? 0),
            Workers = run.Workers,
            Ranges = options.Ranges,
            MixedArithmetic = options.MixedArithmetic,
            Notice = notice,
            Time = time,
        }),
        Generations = options.Generations(run.Id),
        Datasets = options.Silo.Datasets,
        Places = options.Silo.Places.Find,
        Workers = run.Workers,
    };

    /// <inheritdoc/>
    public async Task<RunWorkers> WorkersAsync()
    {
        if (_cluster is not { } cluster) return RunWorkers.None;
        IReadOnlyList<PhaseSpan> spans = await cluster.PhasesAsync(RunWorkers.Steps);
        return RunWorkers.Of(cluster.Workers, spans);
    }

    /// <inheritdoc/>
    public void Dispose() => _roster.Dispose();
}
