using TorchSharp;
using VaeCluster.Models.Graphs.Operations;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>Layers with weights.</summary>
/// <param name="channelsLast">
/// Whether convolutions are given values whose channels lie side by side: what the tensor cores want. TorchSharp 0.107.0 has no memory
/// formats for them, so it is said by a permutation that is undone on the strides alone.
/// </param>
internal sealed class LayerOperations(bool channelsLast) : IDisposable
{
    private static readonly long[] ToLast = [0, 2, 3, 1];
    private static readonly long[] ToFirst = [0, 3, 1, 2];
    private static readonly long[] Squares = [3, 5];

    private readonly Scalar _slope = 0.01f;
    private readonly Dictionary<DenseMask, Tensor> _masks = [];

    /// <summary>A fully connected layer.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="activation">Applied to the sums.</param>
    /// <param name="mask">Which weights count; null: all.</param>
    internal Tensor Dense(Tensor x, Tensor weight, Tensor bias, Activation activation, DenseMask? mask)
    {
        if (mask is null) return Activate(nn.functional.linear(x, weight, bias), activation);
        if (!_masks.TryGetValue(mask, out Tensor? chosen))
        {
            using Tensor host = torch.tensor(mask.ToArray());
            using Tensor flat = host.to(weight.dtype, weight.device);
            _masks.Add(mask, chosen = flat.reshape(weight.shape).DetachFromDisposeScope());
        }

        using Tensor masked = weight.mul(chosen);
        return Activate(nn.functional.linear(x, masked, bias), activation);
    }

    /// <summary>A convolution.</summary>
    /// <param name="conv">Stride, padding, activation.</param>
    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="weight">[outputs, channels, kernel, kernel].</param>
    /// <param name="bias">[outputs].</param>
    internal Tensor Conv(Conv2dOperation conv, Tensor x, Tensor weight, Tensor bias)
    {
        using Tensor? lastX = ChannelsLast(x), lastWeight = ChannelsLast(weight);
        return Activate(
            CheckedConvolution.Compute(lastX ?? x, lastWeight ?? weight, bias, conv.Stride, conv.Padding, transposed: false),
            conv.Activation);
    }

    /// <summary>A transposed convolution.</summary>
    /// <param name="conv">Stride, padding, activation.</param>
    /// <param name="x">[rows, channels, height, width].</param>
    /// <param name="weight">[channels, outputs, kernel, kernel].</param>
    /// <param name="bias">[outputs].</param>
    internal Tensor ConvTranspose(ConvTranspose2dOperation conv, Tensor x, Tensor weight, Tensor bias)
    {
        if (x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU) return RoundedConvTranspose(conv, x, weight, bias);
        using Tensor? lastX = ChannelsLast(x), lastWeight = ChannelsLast(weight);
        return Activate(
            CheckedConvolution.Compute(lastX ?? x, lastWeight ?? weight, bias, conv.Stride, conv.Padding, transposed: true),
            conv.Activation);
    }

    /// <summary>Group normalisation, in float32.</summary>
    /// <param name="norm">Groups, activation.</param>
    /// <param name="x">[rows, channels] or [rows, channels, height, width].</param>
    /// <param name="scale">[channels].</param>
    /// <param name="shift">[channels].</param>
    internal Tensor GroupNorm(GroupNormOperation norm, Tensor x, Tensor scale, Tensor shift) =>
        Activate(nn.functional.group_norm(x, norm.Groups, scale, shift, GroupNormOperation.Epsilon), norm.Activation);

    /// <summary>Nearest-neighbour upsampling: a view in which positions are repeated, whose gradient is a plain sum.</summary>
    /// <param name="upsample">Factor.</param>
    /// <param name="x">[rows, channels, height, width].</param>
    internal static Tensor Upsample(UpsampleOperation upsample, Tensor x)
    {
        (long rows, long channels, long height, long width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        using Tensor split = x.reshape(rows, channels, height, 1, width, 1);
        using Tensor repeated = split.expand(rows, channels, height, upsample.Factor, width, upsample.Factor);
        return repeated.reshape(rows, channels, height * upsample.Factor, width * upsample.Factor);
    }

    /// <summary>Average pooling.</summary>
    /// <param name="pool">Factor.</param>
    /// <param name="x">[rows, channels, height, width].</param>
    internal static Tensor AveragePool(AveragePoolOperation pool, Tensor x)
    {
        (long rows, long channels, long height, long width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        using Tensor split = x.reshape(rows, channels, height / pool.Factor, pool.Factor, width / pool.Factor, pool.Factor);
        return split.mean(Squares);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor mask in _masks.Values) mask.Dispose();
        _masks.Clear();
        _slope.Dispose();
    }

    // On a CPU not every libtorch has it in bfloat16; float32 from rounded factors, rounded again, is the same arithmetic.
    private Tensor RoundedConvTranspose(ConvTranspose2dOperation conv, Tensor x, Tensor weight, Tensor bias)
    {
        using Tensor wideX = x.to_type(ScalarType.Float32), wideWeight = weight.to_type(ScalarType.Float32);
        using Tensor wideBias = bias.to_type(ScalarType.Float32);
        using Tensor sums = CheckedConvolution.Compute(wideX, wideWeight, wideBias, conv.Stride, conv.Padding, transposed: true);
        return Activate(sums.to_type(ScalarType.BFloat16), conv.Activation);
    }

    private Tensor Activate(Tensor sums, Activation activation)
    {
        switch (activation)
        {
            // In place: the sums are needed no more, and these functions are differentiated from their results. They return the sums
            // themselves.
            case Activation.Relu: return sums.relu_();
            case Activation.LeakyRelu: return sums.leaky_relu_(_slope);
            case Activation.Tanh: return sums.tanh_();
            case Activation.Softplus:
                using (sums) return sums.softplus();
            case Activation.Silu:
                using (sums) return sums.silu();
            case Activation.Identity: return sums;
            default: throw new NotSupportedException($"unknown activation {activation}");
        }
    }

    private Tensor? ChannelsLast(Tensor x)
    {
        if (!channelsLast) return null;
        using Tensor permuted = x.permute(ToLast);
        using Tensor laidOut = permuted.contiguous();
        return laidOut.permute(ToFirst);
    }
}
