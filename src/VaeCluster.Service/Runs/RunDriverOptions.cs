using VaeCluster.Service.Store;

namespace VaeCluster.Service.Runs;

/// <summary>What a <see cref="RunDriver"/> works with, on every host.</summary>
public sealed record RunDriverOptions
{
    /// <summary>Remembers the run.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>How long the store may be away before a change of state is given up.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of everything measured and waited for.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
