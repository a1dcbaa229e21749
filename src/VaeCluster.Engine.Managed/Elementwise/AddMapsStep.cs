using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>a + b for maps of equal size and layout, as where a residual block ends.</summary>
internal sealed unsafe class AddMapsStep(Value a, Value b, Value y) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (nint i = 0, length = UnaryStep.DataLength(y); i < length; i += 16)
            (Vector512.Load(a.Data + i) + Vector512.Load(b.Data + i)).Store(y.Data + i);
    }

    internal override void Backward(in GradientTarget target)
    {
        Pass(a);
        Pass(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(Value operand)
    {
        if (!operand.HasGradient) return;
        for (nint i = 0, length = UnaryStep.DataLength(y); i < length; i += 16)
            UnaryStep.Put(Vector512.Load(y.Gradient + i), operand.Gradient + i, operand.Accumulates);
    }
}
