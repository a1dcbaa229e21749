using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>
/// A value read and differentiated under broadcasting: an operand of one feature serves every feature, one that is not per example serves every
/// row.
/// </summary>
internal readonly unsafe struct Operand(Value value, ShardTree tree)
{
    internal bool HasGradient => value.HasGradient;

    /// <summary>Clears the gradient where this operand's contributions are gathered bit by bit but it would be overwritten.</summary>
    internal void Begin()
    {
        if (value.HasGradient && !value.Accumulates) new Span<float>(value.Gradient, value.GradientLength).Clear();
    }

    /// <summary>Sixteen rows of one feature of the result.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="row">The first of the rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Load(int feature, int row)
    {
        nint place = value.Size == 1 ? 0 : feature;
        return value.PerExample ? Vector512.Load(value.Data + (place * value.Stride) + row) : Vector512.Create(value.Data[place]);
    }

    /// <summary>Adds the gradient of all rows of one feature of the result.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="gradient">One element a row.</param>
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
