using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>Bias and activation of one feature's row while it is in the cache, and the derivative.</summary>
internal static unsafe class ActivationRow
{
    // PyTorch's default slope.
    private const float LeakySlope = 0.01f;

    /// <summary>y = activation(y + bias).</summary>
    /// <param name="activation">The function.</param>
    /// <param name="y">The row.</param>
    /// <param name="length">Number of elements, a multiple of 16.</param>
    /// <param name="bias">The feature's bias.</param>
    internal static void Apply(Activation activation, float* y, int length, float bias)
    {
        switch (activation)
        {
            case Activation.Identity: Apply<UnaryKernels.Identity>(y, length, bias); break;
            case Activation.Relu: Apply<UnaryKernels.Relu>(y, length, bias); break;
            case Activation.LeakyRelu: Apply<UnaryKernels.LeakyRelu>(y, length, bias); break;
            case Activation.Tanh: Apply<UnaryKernels.Tanh>(y, length, bias); break;
            case Activation.Softplus: Apply<UnaryKernels.Softplus>(y, length, bias); break;
            default: throw new NotSupportedException($"unknown activation {activation}");
        }
    }

    /// <summary>dy = dy · activation′, with the derivative computed from the result.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="y">The row.</param>
    /// <param name="dy">Its gradient.</param>
    /// <param name="length">Number of elements, a multiple of 16.</param>
    internal static void Differentiate(Activation activation, float* y, float* dy, int length)
    {
        switch (activation)
        {
            case Activation.Identity: break;
            case Activation.Relu: Differentiate<UnaryKernels.Relu>(y, dy, length); break;
            case Activation.LeakyRelu: Differentiate<UnaryKernels.LeakyRelu>(y, dy, length); break;
            case Activation.Tanh: Differentiate<UnaryKernels.Tanh>(y, dy, length); break;
            case Activation.Softplus: Differentiate<UnaryKernels.Softplus>(y, dy, length); break;
            default: throw new NotSupportedException($"unknown activation {activation}");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TFunction>(float* y, int length, float bias)
        where TFunction : struct, IUnaryKernel
    {
        Vector512<float> slope = Vector512.Create(LeakySlope), shift = Vector512.Create(bias);
        for (int i = 0; i < length; i += 16) TFunction.Apply(Vector512.Load(y + i) + shift, slope, default).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate<TFunction>(float* y, float* dy, int length)
        where TFunction : struct, IUnaryKernel
    {
        Vector512<float> slope = Vector512.Create(LeakySlope);
        for (int i = 0; i < length; i += 16)
            (Vector512.Load(dy + i) * TFunction.Derivative(default, Vector512.Load(y + i), slope, default)).Store(dy + i);
    }
}
