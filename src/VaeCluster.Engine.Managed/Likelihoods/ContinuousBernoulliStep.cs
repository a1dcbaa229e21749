using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>Σ x·l − A(l) of each row; the gradient is x minus the mean.</summary>
internal sealed unsafe class ContinuousBernoulliStep(Value logits, Value x, Value y) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (int row = 0; row < logits.Stride; row += 16)
        {
            var sum = default(FeatureSum);
            for (int pixel = 0; pixel < logits.Size; pixel++)
            {
                nint place = ((nint)pixel * logits.Stride) + row;
                Vector512<float> l = Vector512.Load(logits.Data + place);
                sum.Add(pixel, Vector512.FusedMultiplyAdd(Vector512.Load(x.Data + place), l, -ContinuousBernoulli.LogNormalizer(l)));
            }

            sum.Total.Store(y.Data + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        if (!logits.HasGradient) return;
        for (int row = 0; row < logits.Stride; row += 16)
        {
            Vector512<float> d = Vector512.Load(y.Gradient + row);
            for (int pixel = 0; pixel < logits.Size; pixel++)
            {
                nint place = ((nint)pixel * logits.Stride) + row;
                Vector512<float> residual = Vector512.Load(x.Data + place) - ContinuousBernoulli.Mean(Vector512.Load(logits.Data + place));
                UnaryStep.Put(residual * d, logits.Gradient + place, logits.Accumulates);
            }
        }
    }
}
