using VaeCluster.Core.Numerics;

namespace VaeCluster.Engine.Managed;

/// <summary>Sums over a program's rows: within each shard in 16 lanes, then over the shards along the tree.</summary>
/// <param name="shards">Number of shards, a power of two.</param>
/// <param name="rows">Rows per shard.</param>
internal readonly unsafe struct ShardTree(int shards, int rows)
{
    /// <summary>Number of shards.</summary>
    internal int Shards { get; } = shards;

    /// <summary>Rows per shard.</summary>
    internal int Rows { get; } = rows;

    /// <summary>The sum over all rows of one feature.</summary>
    /// <param name="values">Its values, one per row.</param>
    internal float SumRows(float* values) => SumRows(values, 0, Shards);

    /// <summary>The sum over the rows of one shard.</summary>
    /// <param name="values">The feature's values, one per row.</param>
    /// <param name="shard">The shard.</param>
    internal float SumShard(float* values, int shard) => LaneSum.Sum(new ReadOnlySpan<float>(values + (shard * Rows), Rows));

    /// <summary>The sum of one number per shard.</summary>
    /// <param name="values">The first shard's number.</param>
    /// <param name="stride">Elements from one shard's number to the next.</param>
    internal float SumShards(float* values, int stride) => SumShards(values, stride, 0, Shards);

    private float SumRows(float* values, int first, int count) =>
        count == 1 ? SumShard(values, first) : SumRows(values, first, count / 2) + SumRows(values, first + (count / 2), count / 2);

    private static float SumShards(float* values, int stride, int first, int count) => count == 1
        ? values[first * stride]
        : SumShards(values, stride, first, count / 2) + SumShards(values, stride, first + (count / 2), count / 2);
}
