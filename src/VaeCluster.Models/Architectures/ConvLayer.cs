namespace VaeCluster.Models.Architectures;

/// <summary>One convolution of an encoder; the decoder uses its transpose.</summary>
/// <param name="Channels">Number of output channels.</param>
/// <param name="Kernel">Width and height of the kernel.</param>
/// <param name="Stride">Step between positions.</param>
/// <param name="Padding">Zero padding on each side.</param>
internal sealed record ConvLayer(int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Output size along one side, or null if the transpose would not restore the input size.</summary>
    /// <param name="size">Input size along that side.</param>
    internal int? SizeAfter(int size)
    {
        int span = size + (2 * Padding) - Kernel;
        return span >= 0 && span % Stride == 0 ? (span / Stride) + 1 : null;
    }
}
