using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Training.Workers;

/// <summary>What a worker computes with.</summary>
public sealed record WorkerOptions
{
    /// <summary>The model.</summary>
    public required VaeModel Model { get; init; }

    /// <summary>The engine's copy of the weights, shared by the workers of a process.</summary>
    public required IEngineWeights Weights { get; init; }

    /// <summary>The training split.</summary>
    public required Split Data { get; init; }

    /// <summary>The order of its examples.</summary>
    public required EpochOrder Order { get; init; }

    /// <summary>Reads the shards of the next steps beside this one's computing; null: they are read when they are needed.</summary>
    public ReadAhead? ReadAhead { get; init; }

    /// <summary>The worker, as the timeline names it.</summary>
    public string Name { get; init; } = "worker";

    /// <summary>Told of the phases of each step; null: nobody looks.</summary>
    public PhaseTimeline? Timeline { get; init; }

    /// <summary>Batch, shards and seed.</summary>
    public required TrainingSpec Training { get; init; }
}
