using VaeCluster.Core.Optimizers;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Checkpoints;

/// <summary>A consistent state of a run after a step.</summary>
/// <param name="State">Where the run stands.</param>
/// <param name="Weights">The flat vector.</param>
/// <param name="Moments">The optimiser's moments, each as long as the weights.</param>
public sealed record Checkpoint(TrainingState State, float[] Weights, IReadOnlyList<float[]> Moments)
{
    /// <summary>What is judged and shown: the weights, or their average where the run keeps one.</summary>
    /// <param name="optimizer">The run's optimiser.</param>
    public float[] Judged(IOptimizer optimizer) => optimizer.Average is { } average ? Moments[average] : Weights;
}
