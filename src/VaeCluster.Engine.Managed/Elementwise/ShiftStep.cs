using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>Each element minus a scalar that the caller sets for the step.</summary>
internal sealed unsafe class ShiftStep(Scalar scalar, Value x, Value y) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        Vector512<float> number = Vector512.Create(scalar.Number);
        for (nint i = 0, length = UnaryStep.DataLength(y); i < length; i += 16) (Vector512.Load(x.Data + i) - number).Store(y.Data + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        if (!x.HasGradient) return;
        for (nint i = 0, length = y.GradientLength; i < length; i += 16)
        {
            Vector512<float> d = Vector512.Load(y.Gradient + i);
            if (y.PerExample) UnaryStep.Put(d, x.Gradient + i, x.Accumulates);
            else UnaryStep.PutFirst(d, x.Gradient + i, (int)Math.Min(16, length - i), x.Accumulates);
        }
    }
}
