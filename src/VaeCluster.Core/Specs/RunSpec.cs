namespace VaeCluster.Core.Specs;

/// <summary>Everything that defines a run: the run file with every default filled in. Two equal specs give the same weights.</summary>
public sealed record RunSpec
{
    /// <summary>A name for people; it appears in reports and lists.</summary>
    public string Name { get; init; } = "run";

    /// <summary>What the model learns from.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>Encoder, decoder and likelihood.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>What is minimised.</summary>
    public ObjectiveSpec Objective { get; init; } = new();

    /// <summary>How it is minimised.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>When the state is saved.</summary>
    public CheckpointSpec Checkpoint { get; init; } = new();

    /// <summary>How the model is judged.</summary>
    public EvaluationSpec Evaluation { get; init; } = new();
}
