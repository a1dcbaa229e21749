using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>Creates the step for an elementwise function.</summary>
internal static unsafe class UnaryStep
{
    /// <summary>The step of an operation.</summary>
    internal static Step Create(UnaryOperation operation, Value x, Value y) => operation.Function switch
    {
        UnaryFunction.Relu => new UnaryStep<UnaryKernels.Relu>(operation, x, y),
        UnaryFunction.LeakyRelu => new UnaryStep<UnaryKernels.LeakyRelu>(operation, x, y),
        UnaryFunction.Tanh => new UnaryStep<UnaryKernels.Tanh>(operation, x, y),
        UnaryFunction.Sigmoid => new UnaryStep<UnaryKernels.Sigmoid>(operation, x, y),
        UnaryFunction.Softplus => new UnaryStep<UnaryKernels.Softplus>(operation, x, y),
        UnaryFunction.Exp => new UnaryStep<UnaryKernels.Exp>(operation, x, y),
        UnaryFunction.Log => new UnaryStep<UnaryKernels.Log>(operation, x, y),
        UnaryFunction.Square => new UnaryStep<UnaryKernels.Square>(operation, x, y),
        UnaryFunction.Abs => new UnaryStep<UnaryKernels.Abs>(operation, x, y),
        UnaryFunction.Affine => new UnaryStep<UnaryKernels.Affine>(operation, x, y),
        UnaryFunction.Clamp => new UnaryStep<UnaryKernels.Clamp>(operation, x, y),
        UnaryFunction.ContinuousBernoulliMean => new UnaryStep<UnaryKernels.ContinuousBernoulliMean>(operation, x, y),
        UnaryFunction.Silu => new UnaryStep<UnaryKernels.Silu>(operation, x, y),
        UnaryFunction.Stop => new UnaryStep<UnaryKernels.Stop>(operation, x, y),
        _ => throw new NotSupportedException($"unknown function {operation.Function}"),
    };

    /// <summary>Number of elements of a value.</summary>
    internal static nint DataLength(Value value) => (nint)value.Size * value.Stride;

    /// <summary>Writes or adds 16 elements of a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put(Vector512<float> gradient, float* to, bool accumulates)
    {
        if (accumulates) gradient = Vector512.Load(to) + gradient;
        gradient.Store(to);
    }

    /// <summary>Writes or adds the first elements of a gradient.</summary>
    internal static void PutFirst(Vector512<float> gradient, float* to, int count, bool accumulates)
    {
        for (int i = 0; i < count; i++) to[i] = accumulates ? to[i] + gradient[i] : gradient[i];
    }
}
