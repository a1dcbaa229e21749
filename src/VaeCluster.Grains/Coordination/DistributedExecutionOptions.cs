using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>What a <see cref="DistributedExecution"/> works with.</summary>
public sealed record DistributedExecutionOptions
{
    /// <summary>The fence of a run; told its id.</summary>
    public required Func<string, IGenerations> Generations { get; init; }

    /// <summary>The coordinator's own silo.</summary>
    public required LocalSilo Silo { get; init; }

    /// <summary>Ways to the others.</summary>
    public required IClusterLinks Links { get; init; }

    /// <summary>Engine, evaluator and report, as on every host.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Ranges of the vector; null: one a silo that serves ranges.</summary>
    public int? Ranges { get; init; }

    /// <summary>How long a silo lives after its last beat.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>See <see cref="DistributedClusterOptions.MixedArithmetic"/>.</summary>
    public bool MixedArithmetic { get; init; }
}
