using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>
/// A value with broadcasting: an operand of size 1 is repeated over the features, one that is not per example over the rows.
/// </summary>
internal readonly unsafe struct Operand(Value value, ShardTree tree)
{
    internal bool HasGradient => value.HasGradient;

    /// <summary>Clears the gradient if it would otherwise be overwritten, since this step accumulates it in several additions.</summary>
    internal void Begin()
    {
        if (value.HasGradient && !value.Accumulates) new Span<float>(value.Gradient, value.GradientLength).Clear();
    }

    /// <summary>Loads 16 rows for one feature of the result.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="row">The first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Load(int feature, int row)
    {
        nint place = value.Size == 1 ? 0 : feature;
        return value.PerExample ? Vector512.Load(value.Data + (place * value.Stride) + row) : Vector512.Create(value.Data[place]);
    }

    /// <summary>Adds the gradient of all rows of one feature of the result.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="gradient">One element per row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddGradient(int feature, float* gradient)
    {
        nint place = value.Size == 1 ? 0 : feature;
        if (value.PerExample)
        {
            float* to = value.Gradient + (place * value.Stride);
            for (int row = 0; row < value.Stride; row += 16) (Vector512.Load(to + row) + Vector512.Load(gradient + row)).Store(to + row);
            return;
        }

        for (int shard = 0; shard < tree.Shards; shard++) value.Gradient[(shard * value.Size) + place] += tree.SumShard(gradient, shard);
    }
}
