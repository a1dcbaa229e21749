using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The adjoint of <see cref="Conv2dOperation"/>, as PyTorch's ConvTranspose2d with no output padding: (size − 1)·stride − 2·padding + kernel positions.</summary>
/// <param name="Weight">Of shape [inputs, outputs, kernel, kernel].</param>
/// <param name="Bias">Of shape [outputs].</param>
/// <param name="Stride">Step between the positions that inputs spread to.</param>
/// <param name="Padding">Rows and columns cut from each side of the result.</param>
/// <param name="Activation">Applied to the sum.</param>
public sealed record ConvTranspose2dOperation(ParameterSlice Weight, ParameterSlice Bias, int Stride, int Padding, Activation Activation) : Operation;
