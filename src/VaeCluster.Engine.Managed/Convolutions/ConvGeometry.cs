using VaeCluster.Core.Parameters;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A convolution seen as a relation between a small grid of positions and a large one: element (i, j) of the small grid is tied to element
/// (i·stride + u − padding, j·stride + v − padding) of the large one by the weight at (u, v). A convolution reads the large grid and writes the
/// small one; a transposed convolution the other way round.
/// </summary>
/// <param name="Small">Channels and size of the small grid.</param>
/// <param name="Large">Channels and size of the large grid.</param>
/// <param name="Kernel">Width and height of the kernel.</param>
/// <param name="Stride">Step between positions.</param>
/// <param name="Padding">Positions beyond each edge of the large grid; they hold nothing.</param>
/// <param name="Weight">Of shape [small channels, large channels, kernel, kernel] in both directions.</param>
internal sealed record ConvGeometry(GridShape Small, GridShape Large, int Kernel, int Stride, int Padding, ParameterSlice Weight)
{
    /// <summary>Weights that tie one pair of channels.</summary>
    internal int KernelArea => Kernel * Kernel;
}
