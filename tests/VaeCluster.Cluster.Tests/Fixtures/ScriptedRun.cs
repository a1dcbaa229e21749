using VaeCluster.Service.Runs;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A run of <see cref="ScriptedRuns"/>.</summary>
internal sealed record ScriptedRun
{
    /// <summary>Its id.</summary>
    internal required string Id { get; init; }

    /// <summary>The trial, by the end of its key.</summary>
    internal required int Trial { get; init; }

    /// <summary>Steps of the whole run.</summary>
    internal required int TotalSteps { get; init; }

    /// <summary>The run's state.</summary>
    internal RunState State { get; set; } = RunState.Running;

    /// <summary>Steps done.</summary>
    internal int Step { get; set; }

    /// <summary>How often it began or was resumed.</summary>
    internal int Sessions { get; set; } = 1;

    /// <summary>Why it failed.</summary>
    internal string? Error { get; set; }
}
