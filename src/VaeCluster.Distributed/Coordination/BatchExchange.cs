using VaeCluster.Core.Reduction;

namespace VaeCluster.Distributed.Coordination;

/// <summary>
/// What the examples of one step's batch tell each other, as it is gathered in example order from those who measure. What arrives late, of
/// a step that is over, goes into that step's exchange and harms nobody.
/// </summary>
/// <param name="length">Numbers of the whole batch.</param>
/// <param name="shards">Shards of the batch.</param>
internal sealed class BatchExchange(int length, int shards)
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _missing = [.. Enumerable.Range(0, shards)];

    /// <summary>The numbers; whole once nothing is missing.</summary>
    internal float[] Numbers { get; } = new float[length];

    /// <summary>The shards that have not been measured, ascending.</summary>
    internal IReadOnlyList<int> Missing
    {
        get
        {
            lock (_lock) return [.. _missing.Order()];
        }
    }

    /// <summary>Takes what was measured.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="measured">The numbers of their examples, node after node.</param>
    /// <exception cref="InvalidOperationException">There are more or fewer than these nodes have.</exception>
    internal void Take(IReadOnlyList<TreeNode> nodes, ReadOnlySpan<float> measured)
    {
        int each = length / shards;
        int expected = each * nodes.Sum(node => node.ShardCount);
        if (measured.Length != expected)
            throw new InvalidOperationException($"{measured.Length} numbers were measured where {expected} belong");
        lock (_lock)
        {
            foreach (TreeNode node in nodes)
            {
                measured[..(node.ShardCount * each)].CopyTo(Numbers.AsSpan(node.FirstShard * each));
                measured = measured[(node.ShardCount * each)..];
                _missing.ExceptWith(Enumerable.Range(node.FirstShard, node.ShardCount));
            }
        }
    }
}
