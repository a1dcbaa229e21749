namespace VaeCluster.Core.Reduction;

/// <summary>Queries about the fixed binary tree over the shards of a step.</summary>
public static class ReductionTree
{
    /// <summary>
    /// The smallest set of nodes that covers exactly these shards, ordered by first shard: what a worker that computed them sends.
    /// </summary>
    /// <param name="shards">Indices of shards in any order; repeated indices count once.</param>
    /// <param name="totalShards">Shards of the step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A shard is out of range, or <paramref name="totalShards"/> is not a power of two.
    /// </exception>
    public static IReadOnlyList<TreeNode> Cover(IReadOnlyCollection<int> shards, int totalShards)
    {
        TreeNode root = TreeNode.Root(totalShards);
        var wanted = new bool[totalShards];
        foreach (int shard in shards)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(shard, nameof(shards));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, totalShards, nameof(shards));
            wanted[shard] = true;
        }

        var cover = new List<TreeNode>();
        Collect(root, wanted, cover);
        return cover;
    }

    private static void Collect(TreeNode node, bool[] wanted, List<TreeNode> cover)
    {
        ReadOnlySpan<bool> below = wanted.AsSpan(node.FirstShard, node.ShardCount);
        if (!below.Contains(false))
        {
            cover.Add(node);
        }
        else if (below.Contains(true))
        {
            Collect(node.Left, wanted, cover);
            Collect(node.Right, wanted, cover);
        }
    }
}
