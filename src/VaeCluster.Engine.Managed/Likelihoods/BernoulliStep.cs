using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Likelihoods;

/// <summary>
/// Σ x·l − log(1 + e^l) of each row. One pass over the logits gives the likelihood and its gradient, which share the exponential; the way back
/// only multiplies by what comes from above, and where that is −1, as in every loss of ours, not even that.
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
                (Vector512<float> softplus, Vector512<float> sigmoid) = SoftplusAndSigmoid(l);
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
                    ? SoftplusAndSigmoid(Vector512.Load(logits.Data + place)).Sigmoid - Vector512.Load(x.Data + place)
                    : Vector512.Load(logits.Gradient + place);
                UnaryStep.Put(residual * factor, logits.Gradient + place, logits.Accumulates);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Softplus, Vector512<float> Sigmoid) SoftplusAndSigmoid(Vector512<float> l) => LaneMath.SoftplusAndSigmoid(l);
}
