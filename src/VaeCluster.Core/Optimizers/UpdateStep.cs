namespace VaeCluster.Core.Optimizers;

/// <summary>The numbers of one update, the same for every block of the vector.</summary>
/// <param name="GradientScale">The factor on the summed gradient: 1/batch times the clip factor.</param>
/// <param name="LearningRate">The learning rate, after schedule and step-size factor.</param>
/// <param name="Update">The number of this update, from 1.</param>
public readonly record struct UpdateStep(float GradientScale, float LearningRate, int Update);
