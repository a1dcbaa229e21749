using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>What a coordinator works with.</summary>
public sealed record RunDriverOptions
{
    /// <summary>Remembers the run and keeps its fence.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The coordinator's own silo.</summary>
    public required LocalSilo Silo { get; init; }

    /// <summary>Ways to the others.</summary>
    public required IClusterLinks Links { get; init; }

    /// <summary>Engine, evaluator and report, as in every edition.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Ranges of the vector; null: one a silo that serves ranges.</summary>
    public int? Ranges { get; init; }

    /// <summary>How long a silo lives after its last beat.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>See <see cref="DistributedClusterOptions.MixedArithmetic"/>.</summary>
    public bool MixedArithmetic { get; init; }

    /// <summary>How long the store may be away before a change of state is given up.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of leases and waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
