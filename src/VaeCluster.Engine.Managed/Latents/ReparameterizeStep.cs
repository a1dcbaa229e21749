using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Latents;

/// <summary>z = μ + exp(½·log σ²)·ε.</summary>
internal sealed unsafe class ReparameterizeStep(Value mean, Value logVariance, Value noise, Value z) : Step
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (nint i = 0, length = UnaryStep.DataLength(z); i < length; i += 16)
        {
            Vector512.FusedMultiplyAdd(Deviation(i), Vector512.Load(noise.Data + i), Vector512.Load(mean.Data + i)).Store(z.Data + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        for (nint i = 0, length = UnaryStep.DataLength(z); i < length; i += 16)
        {
            Vector512<float> d = Vector512.Load(z.Gradient + i);
            if (mean.HasGradient) UnaryStep.Put(d, mean.Gradient + i, mean.Accumulates);
            if (!logVariance.HasGradient) continue;

            // σ·ε is recomputed, because z − μ is imprecise if σ is much smaller than μ.
            Vector512<float> half = Deviation(i) * Vector512.Load(noise.Data + i) * Vector512.Create(0.5f);
            UnaryStep.Put(d * half, logVariance.Gradient + i, logVariance.Accumulates);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Deviation(nint i) => LaneMath.Exp(Vector512.Load(logVariance.Data + i) * Vector512.Create(0.5f));
}
