namespace VaeCluster.Models.Architectures;

/// <summary>One convolution of an encoder; the decoder has its transpose.</summary>
/// <param name="Channels">Its outputs.</param>
/// <param name="Kernel">Width and height of the kernel.</param>
/// <param name="Stride">Step between positions.</param>
/// <param name="Padding">Zeros on each side.</param>
internal sealed record ConvLayer(int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Positions along one side of the result, or null where the transpose would not lead back to the same size.</summary>
    /// <param name="size">Positions along that side of the input.</param>
    internal int? SizeAfter(int size)
    {
        int span = size + (2 * Padding) - Kernel;
        return span >= 0 && span % Stride == 0 ? (span / Stride) + 1 : null;
    }
}
