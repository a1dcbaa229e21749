using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Reduction;

namespace VaeCluster.Core.Tests.Reduction;

public sealed class TreeNodeTests
{
    [Fact]
    public void Every_place_of_the_heap_has_one_node_whose_children_are_at_twice_its_place()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte, ushort>((power, pick) =>
        {
            int shards = 1 << (power % 11);
            int place = 1 + (pick % ((2 * shards) - 1));
            TreeNode node = TreeNode.AtHeapIndex(place, shards);
            if (node.HeapIndex(shards) != place || !TreeNode.Root(shards).Contains(node)) return false;
            if (node.Level == 0) return place == shards + node.FirstShard;
            return node.Left.HeapIndex(shards) == 2 * place && node.Right.HeapIndex(shards) == (2 * place) + 1;
        }));
    }

    [Fact]
    public void The_root_is_at_1_and_shards_follow_each_other_in_the_second_half()
    {
        Assert.Equal(1, TreeNode.Root(8).HeapIndex(8));
        Assert.Equal([8, 9, 10, 11, 12, 13, 14, 15], Enumerable.Range(0, 8).Select(shard => TreeNode.Leaf(shard).HeapIndex(8)));
        Assert.Equal(new TreeNode(2, 1), TreeNode.AtHeapIndex(3, 8));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 4)]
    [InlineData(1, 2)]
    [InlineData(3, 0)]
    [InlineData(34, 0)]
    public void A_node_of_another_tree_has_no_place(int level, int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TreeNode(level, index).HeapIndex(4));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(8)]
    public void Beyond_the_heap_there_is_no_node(int place)
    {
        Assert.False(TreeNode.IsHeapIndex(place, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => TreeNode.AtHeapIndex(place, 4));
    }
}
