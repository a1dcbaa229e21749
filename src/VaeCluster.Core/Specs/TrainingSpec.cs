namespace VaeCluster.Core.Specs;

/// <summary>How the model is trained.</summary>
public sealed record TrainingSpec
{
    /// <summary>Passes over the training data.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples per step, over all workers.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>
    /// Logical shards per batch, a power of two that divides the batch size: the largest useful number of workers. Another number gives
    /// other bits.
    /// </summary>
    public int Shards { get; init; } = 4;

    /// <summary>The optimiser (<c>adam</c>, <c>sgd</c>, …) with its own fields.</summary>
    public MemberSpec Optimizer { get; init; } = new("adam");

    /// <summary>The learning rate before the schedule.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>
    /// Schedule of the learning rate, by kind (<c>constant</c>, <c>step</c>, <c>cosine</c>); every kind takes <c>warmupSteps</c>.
    /// </summary>
    public MemberSpec Schedule { get; init; } = new("constant");

    /// <summary>Averaged weights for evaluation and images in place of the last weights, by kind (<c>none</c>, <c>ema</c>).</summary>
    public MemberSpec Average { get; init; } = new("none");

    /// <summary>Largest global norm of the mean gradient; null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Random seed of the run.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What to do when a loss or gradient is not finite.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Stop;
}
