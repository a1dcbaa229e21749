using VaeCluster.Core.Parameters;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A convolution as a relation between a small and a large grid of positions: the weight at (u, v) connects element (i, j) of the small
/// grid to element (i·stride + u − padding, j·stride + v − padding) of the large one. A convolution reads the large grid and writes the
/// small one; a transposed convolution does the reverse.
/// </summary>
/// <param name="Small">Channels and size of the small grid.</param>
/// <param name="Large">Channels and size of the large grid.</param>
/// <param name="Kernel">Width and height of the kernel.</param>
/// <param name="Stride">Step between positions.</param>
/// <param name="Padding">Empty positions beyond each edge of the large grid.</param>
/// <param name="Weight">Of shape [small channels, large channels, kernel, kernel] in both directions.</param>
internal sealed record ConvGeometry(GridShape Small, GridShape Large, int Kernel, int Stride, int Padding, ParameterSlice Weight)
{
    /// <summary>Number of weights per pair of channels.</summary>
    internal int KernelArea => Kernel * Kernel;
}
