namespace VaeCluster.Training.Measuring;

/// <summary>A fully connected layer of a step.</summary>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Examples">Rows of the batch.</param>
/// <param name="InputGradient">Whether the way back computes the gradient of its input: not in the first layer.</param>
public readonly record struct DenseShape(int Outputs, int Inputs, int Examples, bool InputGradient);
