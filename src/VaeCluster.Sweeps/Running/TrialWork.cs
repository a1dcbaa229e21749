using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>A trial to be trained.</summary>
public sealed record TrialWork
{
    /// <summary>The trial.</summary>
    public required Trial Trial { get; init; }

    /// <summary>Its run.</summary>
    public required RunSpec Run { get; init; }

    /// <summary>Its run folder, absolute; it need not exist yet.</summary>
    public required string Folder { get; init; }

    /// <summary>Trials that train side by side, and share what there is to compute with.</summary>
    public required int Parallel { get; init; }

    /// <summary>The scores that it is given once it has finished.</summary>
    public required IReadOnlyList<ScoreKind> Scores { get; init; }

    /// <summary>The step at which it was decided that the trial stops, where that was decided before; null: it was not.</summary>
    public int? StopStep { get; init; }
}
