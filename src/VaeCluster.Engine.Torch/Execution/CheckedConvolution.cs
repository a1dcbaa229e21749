using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>
/// Convolutions that come out right. On CPUs with AVX2 or AVX-512, libtorch 2.10 gives, without a word, a wrong input gradient of many
/// convolutions, and so wrong transposed convolutions (oneDNN's: numbers of channels that are no multiple of the vector width at
/// stride 1, single channels at larger strides). So each shape is tried once in a process against the same sum written as a product
/// with unfolded or folded pixels, and where the two differ the product is what is computed.
/// </summary>
internal static class CheckedConvolution
{
    // Wrong results were off by whole units; right ones by rounding.
    private const double Tolerance = 1e-3;
    private const int Trials = 3;

    private static readonly ConcurrentDictionary<ConvolutionShape, bool> Right = new();

    /// <summary>The sums of a convolution, [rows, outputs, height, width].</summary>
    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="weight">[outputs, channels, kernel, kernel]; transposed: [channels, outputs, kernel, kernel].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="stride">Its stride.</param>
    /// <param name="padding">Its padding.</param>
    /// <param name="transposed">Whether it is the transposed one.</param>
    internal static Tensor Compute(Tensor x, Tensor weight, Tensor bias, int stride, int padding, bool transposed)
    {
        bool trusted = x.device_type != DeviceType.CPU
            || Right.GetOrAdd(ConvolutionShape.Of(transposed, x, weight, stride, padding), static shape => Try(shape));
        return trusted ? Library(x, weight, bias, stride, padding, transposed) : Product(x, weight, bias, stride, padding, transposed);
    }

    /// <summary>The same sums as a product over channels and kernel, between unfolded or folded pixels.</summary>
    /// <inheritdoc cref="Compute"/>
    internal static Tensor Product(Tensor x, Tensor weight, Tensor bias, int stride, int padding, bool transposed)
    {
        long[] shape = x.shape, kernels = weight.shape;
        long kernel = kernels[2], outputs = kernels[transposed ? 1 : 0];
        using Tensor matrix = weight.reshape(kernels[0], -1);
        using Tensor row = bias.reshape(1, outputs, 1, 1);
        if (transposed)
        {
            using Tensor pixels = x.reshape(shape[0], shape[1], -1), turned = matrix.t();
            using Tensor columns = turned.matmul(pixels);
            using Tensor folded = nn.functional.fold(
                columns, (Spread(shape[2]), Spread(shape[3])), (kernel, kernel), dilation: null, (padding, padding), (stride, stride));
            return folded.add(row);
        }

        using Tensor unfolded = nn.functional.unfold(x, (kernel, kernel), dilation: null, (padding, padding), (stride, stride));
        using Tensor sums = matrix.matmul(unfolded);
        using Tensor grid = sums.reshape(shape[0], outputs, Gathered(shape[2]), Gathered(shape[3]));
        return grid.add(row);

        long Spread(long size) => ((size - 1) * stride) - (2 * padding) + kernel;
        long Gathered(long size) => ((size + (2 * padding) - kernel) / stride) + 1;
    }

    private static Tensor Library(Tensor x, Tensor weight, Tensor bias, int stride, int padding, bool transposed) => transposed
        ? nn.functional.conv_transpose2d(x, weight, bias, [stride, stride], [padding, padding])
        : nn.functional.conv2d(x, weight, bias, [stride, stride], [padding, padding]);

    private static bool Try(ConvolutionShape shape)
    {
        using IDisposable gradients = enable_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int trial = 0; trial < Trials; trial++)
        {
            Tensor x = Numbers(trial + 0.1, shape.Rows, shape.Channels, shape.Height, shape.Width);
            Tensor weight = shape.IsTransposed
                ? Numbers(trial + 0.2, shape.Channels, shape.Outputs, shape.Kernel, shape.Kernel)
                : Numbers(trial + 0.2, shape.Outputs, shape.Channels, shape.Kernel, shape.Kernel);
            Tensor bias = Numbers(trial + 0.3, shape.Outputs);
            Tensor[] expected = Results(Product), actual = Results(Library);
            for (int i = 0; i < expected.Length; i++)
            {
                double off = (actual[i] - expected[i]).abs().max().ToDouble(), largest = expected[i].abs().max().ToDouble();
                if (!(off <= Tolerance * Math.Max(1, largest))) return false;
            }

            // The sums and, where they are asked for, the gradients of what is read and of the weights.
            Tensor[] Results(Func<Tensor, Tensor, Tensor, int, int, bool, Tensor> form)
            {
                Tensor[] leaves = shape.HasInputGradient ? [x, weight] : [weight];
                foreach (Tensor leaf in leaves)
                {
                    leaf.grad = null;
                    leaf.requires_grad = true;
                }

                Tensor sums = form(x, weight, bias, shape.Stride, shape.Padding, shape.IsTransposed);
                (sums * Numbers(trial + 0.4, sums.shape)).sum().backward();
                return [sums.detach(), .. leaves.Select(leaf => leaf.grad!.clone())];
            }
        }

        return true;
    }

    // Between −1 and 1, without a pattern that a mistake could hide in, and drawn from no generator of the process.
    private static Tensor Numbers(double start, params long[] shape)
    {
        long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
        return arange(length, ScalarType.Float32).mul(2.399963f).add((float)start).sin().reshape(shape).detach();
    }
}
