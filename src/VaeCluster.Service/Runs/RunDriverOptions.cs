using VaeCluster.Service.Store;

namespace VaeCluster.Service.Runs;

/// <summary>What a <see cref="RunDriver"/> needs on every host.</summary>
public sealed record RunDriverOptions
{
    /// <summary>The run store.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>How long to retry a change of state while the store cannot be reached.</summary>
    public TimeSpan StoreRetryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Receives notices for the operator, one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock for all measuring and waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
