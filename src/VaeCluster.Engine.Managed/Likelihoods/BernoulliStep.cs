using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>
/// Σ x·l − log(1 + e^l) of each row. The forward pass also computes the gradient, which shares the exponential; the backward pass only
/// multiplies it by the upstream gradient, and skips even that if the upstream gradient is −1, as in all our losses.
/// </summary>
internal sealed unsafe class BernoulliStep(Value logits, Value x, Value y) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        bool differentiates = logits.HasGradient && !logits.Accumulates;
        for (int row = 0; row < logits.Stride; row += 16)
        {
            var sum = default(FeatureSum);
            for (int pixel = 0; pixel < logits.Size; pixel++)
            {
                nint place = ((nint)pixel * logits.Stride) + row;
                Vector512<float> l = Vector512.Load(logits.Data + place), target = Vector512.Load(x.Data + place);
                (Vector512<float> softplus, Vector512<float> sigmoid) = LaneMath.SoftplusAndSigmoid(l);
                sum.Add(pixel, Vector512.FusedMultiplyAdd(target, l, -softplus));
                if (differentiates) (sigmoid - target).Store(logits.Gradient + place);
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
            Vector512<float> factor = -Vector512.Load(y.Gradient + row);
            if (!logits.Accumulates && Vector512.EqualsAll(factor, Vector512<float>.One)) continue;
            for (int pixel = 0; pixel < logits.Size; pixel++)
            {
                nint place = ((nint)pixel * logits.Stride) + row;
                Vector512<float> residual = logits.Accumulates
                    ? LaneMath.Sigmoid(Vector512.Load(logits.Data + place)) - Vector512.Load(x.Data + place)
                    : Vector512.Load(logits.Gradient + place);
                UnaryStep.Put(residual * factor, logits.Gradient + place, logits.Accumulates);
            }
        }
    }
}
