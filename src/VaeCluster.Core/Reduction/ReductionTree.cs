namespace VaeCluster.Core.Reduction;

/// <summary>Questions about the fixed binary tree over the shards of a step.</summary>
public static class ReductionTree
{
    /// <summary>
    /// The fewest nodes that cover exactly these shards, in order of their first shards: what a worker that computed them sends.
    /// </summary>
    /// <param name="shards">Indices of shards in any order; one that is named twice counts once.</param>
    /// <param name="totalShards">Shards of the step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">A shard is not one of the step's, or their number is no power of two.</exception>
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
