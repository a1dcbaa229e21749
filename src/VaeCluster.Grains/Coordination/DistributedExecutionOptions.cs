using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>What a <see cref="DistributedExecution"/> needs.</summary>
public sealed record DistributedExecutionOptions
{
    /// <summary>Opens the generations of a run, given its id.</summary>
    public required Func<string, IGenerations> Generations { get; init; }

    /// <summary>The coordinator's own silo.</summary>
    public required LocalSilo Silo { get; init; }

    /// <summary>Links to workers and ranges on all silos.</summary>
    public required IClusterLinks Links { get; init; }

    /// <summary>Engine, evaluator and report, as on every host.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Number of ranges of the parameter vector; null for one per server silo.</summary>
    public int? Ranges { get; init; }

    /// <summary>How long a silo counts as alive after its last heartbeat.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>See <see cref="DistributedClusterOptions.MixedArithmetic"/>.</summary>
    public bool MixedArithmetic { get; init; }
}
