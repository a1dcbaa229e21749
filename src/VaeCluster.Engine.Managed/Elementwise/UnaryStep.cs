using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>An elementwise function.</summary>
/// <typeparam name="TFunction">The function.</typeparam>
internal sealed unsafe class UnaryStep<TFunction>(UnaryOperation operation, Value x, Value y) : Step
    where TFunction : struct, IUnaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        Vector512<float> a = Vector512.Create(operation.A), b = Vector512.Create(operation.B);
        nint length = UnaryStep.DataLength(y);
        for (nint i = 0; i < length; i += 16) TFunction.Apply(Vector512.Load(x.Data + i), a, b).Store(y.Data + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        if (!x.HasGradient) return;
        Vector512<float> a = Vector512.Create(operation.A), b = Vector512.Create(operation.B);

        // A value that is not per example has one gradient per shard, all for the same elements.
        nint length = UnaryStep.DataLength(y), copies = y.PerExample ? 1 : y.GradientLength / y.Size;
        for (nint copy = 0; copy < copies; copy++)
        {
            float* dx = x.Gradient + (copy * x.Size), dy = y.Gradient + (copy * y.Size);
            for (nint i = 0; i < length; i += 16)
            {
                Vector512<float> d =
                    TFunction.Derivative(Vector512.Load(x.Data + i), Vector512.Load(y.Data + i), a, b) * Vector512.Load(dy + i);
                if (y.PerExample) UnaryStep.Put(d, dx + i, x.Accumulates);
                else UnaryStep.PutFirst(d, dx + i, (int)Math.Min(16, y.Size - i), x.Accumulates);
            }
        }
    }
}
