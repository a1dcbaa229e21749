using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Training.InProcess;

/// <summary>What a cluster in one process is made of.</summary>
public sealed record InProcessOptions
{
    /// <summary>Batch, shards, optimiser and seed.</summary>
    public required TrainingSpec Training { get; init; }

    /// <summary>The model.</summary>
    public required VaeModel Model { get; init; }

    /// <summary>The engine; it stays the caller's.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>The training split.</summary>
    public required Split Data { get; init; }

    /// <summary>Workers at the start.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Parameter ranges.</summary>
    public int Ranges { get; init; } = 1;

    /// <summary>Told of the phases of each step; null: nobody looks.</summary>
    public PhaseTimeline? Timeline { get; init; }

    /// <summary>
    /// Called on the computing thread before a worker begins a node; an exception from it loses the worker. For tests of faults.
    /// </summary>
    public Action<string, int, TreeNode>? BeforeNode { get; init; }
}
