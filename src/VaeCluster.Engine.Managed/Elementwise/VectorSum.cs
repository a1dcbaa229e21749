using System.Runtime.CompilerServices;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>Adds vectors element by element.</summary>
internal static class VectorSum
{
    /// <summary>sum = a + b.</summary>
    /// <param name="a">Left operand.</param>
    /// <param name="b">Right operand, of the same length.</param>
    /// <param name="sum">Receives the sums; may be one of the operands.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sum)
    {
        int i = 0;
        for (; i <= sum.Length - Lanes.Count; i += Lanes.Count) Lanes.Store(Lanes.Load(a, i) + Lanes.Load(b, i), sum, i);
        for (; i < sum.Length; i++) sum[i] = a[i] + b[i];
    }
}
