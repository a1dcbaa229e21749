using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// Cross-correlation of [inputs, height, width] with zero padding, as in PyTorch's Conv2d: (size + 2·padding − kernel)/stride + 1
/// positions.
/// </summary>
/// <param name="Weight">Of shape [outputs, inputs, kernel, kernel].</param>
/// <param name="Bias">Of shape [outputs].</param>
/// <param name="Stride">Step between positions, the same in both directions.</param>
/// <param name="Padding">Zero padding on each side.</param>
/// <param name="Activation">Applied to the result.</param>
public sealed record Conv2dOperation(
    ParameterSlice Weight, ParameterSlice Bias, int Stride, int Padding, Activation Activation) : Operation;
