namespace VaeCluster.Core.Optimizers;

/// <summary>The numbers of one update, the same for every block of the vector.</summary>
/// <param name="GradientScale">What the summed gradient is multiplied with: 1/batch times the clip factor.</param>
/// <param name="LearningRate">The step size, after schedule and step-size factor.</param>
/// <param name="Update">How many updates have been applied once this one is: 1 for the first.</param>
public readonly record struct UpdateStep(float GradientScale, float LearningRate, int Update);
