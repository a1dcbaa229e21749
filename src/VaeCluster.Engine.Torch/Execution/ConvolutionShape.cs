using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>What libtorch chooses its way through a convolution by.</summary>
/// <param name="IsTransposed">Whether it is the transposed one.</param>
/// <param name="Rows">Examples.</param>
/// <param name="Channels">Channels that it reads.</param>
/// <param name="Outputs">Channels that it writes.</param>
/// <param name="Height">Rows of pixels that it reads.</param>
/// <param name="Width">Columns of pixels that it reads.</param>
/// <param name="Kernel">Kernel size.</param>
/// <param name="Stride">Stride.</param>
/// <param name="Padding">Padding.</param>
/// <param name="HasInputGradient">Whether the gradient of what it reads is asked for.</param>
internal readonly record struct ConvolutionShape(
    bool IsTransposed, long Rows, long Channels, long Outputs, long Height, long Width, long Kernel, int Stride, int Padding,
    bool HasInputGradient)
{
    internal static ConvolutionShape Of(bool isTransposed, Tensor x, Tensor weight, int stride, int padding)
    {
        long[] shape = x.shape, kernel = weight.shape;
        return new ConvolutionShape(
            isTransposed, shape[0], shape[1], kernel[isTransposed ? 1 : 0], shape[2], shape[3], kernel[2], stride, padding,
            x.requires_grad);
    }
}
