using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// The adjoint of <see cref="Conv2dOperation"/>, as in PyTorch's ConvTranspose2d without output padding: (size − 1)·stride − 2·padding +
/// kernel positions.
/// </summary>
/// <param name="Weight">Of shape [inputs, outputs, kernel, kernel].</param>
/// <param name="Bias">Of shape [outputs].</param>
/// <param name="Stride">Step between the output positions of adjacent inputs.</param>
/// <param name="Padding">Rows and columns removed from each side of the result.</param>
/// <param name="Activation">Applied to the result.</param>
public sealed record ConvTranspose2dOperation(
    ParameterSlice Weight, ParameterSlice Bias, int Stride, int Padding, Activation Activation) : Operation;
