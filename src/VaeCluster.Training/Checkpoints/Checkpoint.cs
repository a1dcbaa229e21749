namespace VaeCluster.Training.Checkpoints;

/// <summary>A consistent state of a run after a step.</summary>
/// <param name="State">Where the run stands.</param>
/// <param name="Weights">The flat vector.</param>
/// <param name="Moments">The optimiser's moments, each as long as the weights.</param>
public sealed record Checkpoint(TrainingState State, float[] Weights, IReadOnlyList<float[]> Moments);
