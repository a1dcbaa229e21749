using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>The sum over the features of each row, in the order of <see cref="FeatureSum"/>.</summary>
internal sealed unsafe class SumStep(Value x, Value y) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int row = 0; row < x.Stride; row += 16)
        {
            var sum = default(FeatureSum);
            for (int feature = 0; feature < x.Size; feature++) sum.Add(feature, Vector512.Load(x.Data + ((nint)feature * x.Stride) + row));
            sum.Total.Store(y.Data + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        if (!x.HasGradient) return;
        for (int row = 0; row < x.Stride; row += 16)
        {
            Vector512<float> d = Vector512.Load(y.Gradient + row);
            for (int feature = 0; feature < x.Size; feature++)
                UnaryStep.Put(d, x.Gradient + ((nint)feature * x.Stride) + row, x.Accumulates);
        }
    }
}
