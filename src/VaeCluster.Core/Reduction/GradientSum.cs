using System.Runtime.CompilerServices;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Core.Reduction;

/// <summary>One addition of the reduction tree.</summary>
public static class GradientSum
{
    /// <summary>left[i] ← left[i] + right[i]: the left child's memory becomes the parent's.</summary>
    /// <param name="left">The left child's gradient.</param>
    /// <param name="right">The right child's, as long as <paramref name="left"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length) throw new ArgumentException($"{right.Length} elements are added to {left.Length}", nameof(right));
        int i = 0;
        for (; i <= left.Length - Lanes.Count; i += Lanes.Count) Lanes.Store(Lanes.Load(left, i) + Lanes.Load(right, i), left, i);
        for (; i < left.Length; i++) left[i] += right[i];
    }
}
