using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>A trial to train.</summary>
public sealed record TrialWork
{
    /// <summary>The trial.</summary>
    public required Trial Trial { get; init; }

    /// <summary>Its run specification.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>Its run folder, absolute; it need not exist.</summary>
    public required string Folder { get; init; }

    /// <summary>Number of trials that train in parallel and share the worker threads.</summary>
    public required int Parallel { get; init; }

    /// <summary>The scores to compute when it has finished.</summary>
    public required IReadOnlyList<ScoreKind> Scores { get; init; }

    /// <summary>The step at which the stopping rule stopped the trial, if that was logged before a crash; otherwise null.</summary>
    public int? StopStep { get; init; }
}
