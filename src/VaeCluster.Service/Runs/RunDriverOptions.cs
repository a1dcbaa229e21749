using VaeCluster.Service.Store;

namespace VaeCluster.Service.Runs;

/// <summary>What a <see cref="RunDriver"/> needs on every host.</summary>
public sealed record RunDriverOptions
{
    /// <summary>The run store.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>How long to retry a change of state while the store cannot be reached.</summary>
    public TimeSpan StoreRetryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a run may take to stop, with its checkpoint, before its driver is given up. Longer than the step in progress of a cluster
    /// is waited for, and a call to a parameter server.
    /// </summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Receives notices for the operator, one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock for all measuring and waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
