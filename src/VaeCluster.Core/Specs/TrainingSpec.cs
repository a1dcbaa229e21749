namespace VaeCluster.Core.Specs;

/// <summary>How the objective is minimised.</summary>
public sealed record TrainingSpec
{
    /// <summary>Passes over the training data.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples of a step, over all workers.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Logical shards of a batch, a power of two that divides it: the largest useful number of workers. Part of the arithmetic.</summary>
    public int Shards { get; init; } = 4;

    /// <summary>The optimiser (<c>sgd</c>, <c>adam</c>, <c>adamw</c>) with its own fields.</summary>
    public MemberSpec Optimizer { get; init; } = new("adam");

    /// <summary>The step size before the schedule.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the step size moves over the steps, by kind (<c>constant</c>, <c>step</c>, <c>cosine</c>); every kind takes <c>warmupSteps</c>.</summary>
    public MemberSpec Schedule { get; init; } = new("constant");

    /// <summary>What judges and pictures use in place of the last weights, by kind (<c>none</c>, <c>ema</c>).</summary>
    public MemberSpec Average { get; init; } = new("none");

    /// <summary>Largest global norm of the mean gradient; null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What happens when a loss or gradient is not finite.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Stop;
}
