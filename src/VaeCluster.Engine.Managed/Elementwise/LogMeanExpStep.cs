using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>log((1/k) Σ e^v), element by element, summed in the order of the values.</summary>
internal sealed unsafe class LogMeanExpStep(Value[] values, Value y) : Step
{
    private readonly float _logCount = (float)ScalarMath.Log(values.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Forward()
    {
        for (nint i = 0, length = UnaryStep.DataLength(y); i < length; i += 16)
        {
            Vector512<float> largest = Largest(i);
            (largest + (LaneMath.Log(Sum(i, largest)) - Vector512.Create(_logCount))).Store(y.Data + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Backward(in GradientTarget target)
    {
        for (nint i = 0, length = UnaryStep.DataLength(y); i < length; i += 16)
        {
            // Recomputed from the values, since y is not precise enough for a share of the sum.
            Vector512<float> largest = Largest(i);
            Vector512<float> factor = Vector512.Load(y.Gradient + i) / Sum(i, largest);
            foreach (Value value in values)
            {
                if (!value.HasGradient) continue;
                UnaryStep.Put(LaneMath.Exp(Vector512.Load(value.Data + i) - largest) * factor, value.Gradient + i, value.Accumulates);
            }
        }
    }

    // Selections instead of Max, so that NaN passes.
    private Vector512<float> Largest(nint place)
    {
        Vector512<float> largest = Vector512.Load(values[0].Data + place);
        for (int k = 1; k < values.Length; k++)
        {
            Vector512<float> value = Vector512.Load(values[k].Data + place);
            largest = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), value, largest);
        }

        return largest;
    }

    private Vector512<float> Sum(nint place, Vector512<float> largest)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        foreach (Value value in values) sum += LaneMath.Exp(Vector512.Load(value.Data + place) - largest);
        return sum;
    }
}
