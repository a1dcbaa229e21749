using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Latents;

/// <summary>½(μ² + σ² − log σ² − 1) of each latent dimension.</summary>
internal sealed unsafe class GaussianKlStep(Value mean, Value logVariance, Value kl) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (nint i = 0, length = UnaryStep.DataLength(kl); i < length; i += 16)
        {
            Vector512<float> m = Vector512.Load(mean.Data + i), v = Vector512.Load(logVariance.Data + i);
            Vector512<float> twice = Vector512.FusedMultiplyAdd(m, m, LaneMath.Exp(v) - v - Vector512<float>.One);
            (twice * Vector512.Create(0.5f)).Store(kl.Data + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        for (nint i = 0, length = UnaryStep.DataLength(kl); i < length; i += 16)
        {
            Vector512<float> d = Vector512.Load(kl.Gradient + i);
            if (mean.HasGradient) UnaryStep.Put(d * Vector512.Load(mean.Data + i), mean.Gradient + i, mean.Accumulates);
            if (!logVariance.HasGradient) continue;
            Vector512<float> half = (LaneMath.Exp(Vector512.Load(logVariance.Data + i)) - Vector512<float>.One) * Vector512.Create(0.5f);
            UnaryStep.Put(d * half, logVariance.Gradient + i, logVariance.Accumulates);
        }
    }
}
