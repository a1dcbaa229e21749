using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// The gradient of a channel's bias: the sum over positions and examples, in 16 lanes within a shard, then along the tree.
/// </summary>
internal static unsafe class ConvBias
{
    /// <summary>The sum of one channel.</summary>
    /// <param name="gradient">The channel's gradient at the first position.</param>
    /// <param name="positions">Number of positions.</param>
    /// <param name="stride">Elements from one position to the next.</param>
    /// <param name="tree">The shards.</param>
    internal static float Sum(float* gradient, int positions, int stride, ShardTree tree) =>
        Sum(gradient, positions, stride, tree.Rows, 0, tree.Shards);

    private static float Sum(float* gradient, int positions, int stride, int rows, int first, int count) => count == 1
        ? SumShard(gradient + (first * rows), positions, stride, rows)
        : Sum(gradient, positions, stride, rows, first, count / 2) + Sum(gradient, positions, stride, rows, first + (count / 2), count / 2);

    // Example r of the shard goes to lane r mod 16, position after position.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumShard(float* gradient, int positions, int stride, int rows)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        Vector512<float> tail = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(rows % 16)).AsSingle();
        for (int position = 0; position < positions; position++)
        {
            float* at = gradient + ((nint)position * stride);
            int row = 0;
            for (; row <= rows - 16; row += 16) sum += Vector512.Load(at + row);
            if (row < rows) sum += Vector512.ConditionalSelect(tail, Vector512.Load(at + row), Vector512<float>.Zero);
        }

        return LaneSum.Fold(sum);
    }
}
