using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Reduction;

namespace VaeCluster.Core.Tests.Reduction;

public sealed class ReductionTreeTests
{
    [Fact]
    public void A_cover_is_exact_and_no_two_of_its_nodes_are_siblings()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<uint, byte>((mask, power) =>
        {
            int total = 1 << (power % 6);
            int[] shards = [.. Enumerable.Range(0, total).Where(shard => (mask >> shard & 1) != 0).Reverse()];

            IReadOnlyList<TreeNode> cover = ReductionTree.Cover(shards, total);

            IEnumerable<int> covered = cover.SelectMany(node => Enumerable.Range(node.FirstShard, node.ShardCount));
            return covered.SequenceEqual(shards.Order()) && !cover.Any(node => cover.Contains(node.Sibling));
        }));
    }

    [Fact]
    public void An_aligned_block_is_one_node_and_an_unaligned_one_several()
    {
        Assert.Equal([new TreeNode(2, 1)], ReductionTree.Cover([4, 5, 6, 7], 8));
        Assert.Equal([new TreeNode(0, 1), new TreeNode(1, 1), new TreeNode(0, 4)], ReductionTree.Cover([1, 2, 3, 4], 8));
        Assert.Equal([TreeNode.Root(1)], ReductionTree.Cover([0, 0], 1));
        Assert.Empty(ReductionTree.Cover([], 8));
    }

    [Fact]
    public void Shards_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReductionTree.Cover([8], 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReductionTree.Cover([-1], 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReductionTree.Cover([0], 6));
    }

    [Fact]
    public void Children_parents_and_siblings_agree()
    {
        var node = new TreeNode(2, 1);
        Assert.Equal((4, 4), (node.FirstShard, node.ShardCount));
        Assert.Equal(node, node.Left.Parent);
        Assert.Equal(node, node.Right.Parent);
        Assert.Equal(node.Right, node.Left.Sibling);
        Assert.True(node.Left.IsLeftChild);
        Assert.False(node.Right.IsLeftChild);
        Assert.True(node.Contains(node));
        Assert.True(node.Contains(TreeNode.Leaf(7)));
        Assert.False(node.Contains(TreeNode.Leaf(3)));
        Assert.False(node.Contains(node.Parent));
        Assert.Equal("shards 4 to 7", node.ToString());
        Assert.Equal("shard 3", TreeNode.Leaf(3).ToString());
    }
}
