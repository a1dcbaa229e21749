namespace VaeCluster.Core.Specs;

/// <summary>Everything that defines a run: the run file with all defaults filled in. Equal specs give the same weights.</summary>
public sealed record RunSpec
{
    /// <summary>Name of the run, shown in reports and lists.</summary>
    public string Name { get; init; } = "run";

    /// <summary>The training data.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>Encoder, decoder and likelihood.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The training objective.</summary>
    public ObjectiveSpec Objective { get; init; } = new();

    /// <summary>How the model is trained.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>When checkpoints are written.</summary>
    public CheckpointSpec Checkpoint { get; init; } = new();

    /// <summary>How the model is evaluated.</summary>
    public EvaluationSpec Evaluation { get; init; } = new();
}
