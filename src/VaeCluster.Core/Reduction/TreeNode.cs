namespace VaeCluster.Core.Reduction;

/// <summary>
/// A node of the fixed binary tree over the shards of a step: the sum over an aligned block of 2^<paramref name="Level"/> shards. Its
/// value is its left child's plus its right child's, in this order, so it has the same bits whoever computes it.
/// </summary>
/// <param name="Level">Height above the shards: 0 for one shard.</param>
/// <param name="Index">Position among the nodes of its level, from 0.</param>
public readonly record struct TreeNode(int Level, int Index)
{
    /// <summary>The first shard below it.</summary>
    public int FirstShard => Index << Level;

    /// <summary>Number of shards below it.</summary>
    public int ShardCount => 1 << Level;

    /// <summary>The node that is the sum of this one and its sibling.</summary>
    public TreeNode Parent => new(Level + 1, Index >> 1);

    /// <summary>The other child of its parent.</summary>
    public TreeNode Sibling => new(Level, Index ^ 1);

    /// <summary>Whether it is the left operand of its parent's sum.</summary>
    public bool IsLeftChild => (Index & 1) == 0;

    /// <summary>The left operand of its sum; undefined for a leaf.</summary>
    public TreeNode Left => new(Level - 1, Index << 1);

    /// <summary>The right operand of its sum; undefined for a leaf.</summary>
    public TreeNode Right => new(Level - 1, (Index << 1) | 1);

    /// <summary>Whether another node is this one or one of its descendants.</summary>
    /// <param name="other">The other node.</param>
    public bool Contains(TreeNode other) => other.Level <= Level && other.Index >> (Level - other.Level) == Index;

    /// <summary>Whether the tree over so many shards has this node.</summary>
    /// <param name="shards">Shards of the step, a power of two.</param>
    public bool IsOf(int shards) => Level >= 0 && Level <= int.Log2(shards) && Index >= 0 && Index < shards >> Level;

    /// <summary>
    /// Its place where the tree is kept as a heap in an array of 2 × <paramref name="shards"/> elements: the root at 1, the children of h
    /// at 2h and 2h + 1, shard s at <paramref name="shards"/> + s.
    /// </summary>
    /// <param name="shards">Shards of the step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tree over so many shards has no such node.</exception>
    public int HeapIndex(int shards)
    {
        if (!IsOf(shards)) throw new ArgumentOutOfRangeException(nameof(shards), this, $"the tree has {shards} shards");
        return (shards >> Level) + Index;
    }

    /// <summary>The node at a place of the heap, see <see cref="HeapIndex"/>.</summary>
    /// <param name="heapIndex">The place, from 1.</param>
    /// <param name="shards">Shards of the step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The heap of so many shards has no such place.</exception>
    public static TreeNode AtHeapIndex(int heapIndex, int shards)
    {
        if (!IsHeapIndex(heapIndex, shards))
            throw new ArgumentOutOfRangeException(nameof(heapIndex), heapIndex, $"the tree has {shards} shards");
        int depth = int.Log2(heapIndex);
        return new TreeNode(int.Log2(shards) - depth, heapIndex - (1 << depth));
    }

    /// <summary>Whether the heap has a node at this place.</summary>
    /// <param name="heapIndex">The place.</param>
    /// <param name="shards">Shards of the step, a power of two.</param>
    public static bool IsHeapIndex(int heapIndex, int shards) => heapIndex >= 1 && heapIndex < 2 * shards;

    /// <summary>The shards below it, for messages.</summary>
    public override string ToString() => Level == 0 ? $"shard {Index}" : $"shards {FirstShard} to {FirstShard + ShardCount - 1}";

    /// <summary>The node of one shard.</summary>
    /// <param name="shard">Index of the shard, from 0.</param>
    public static TreeNode Leaf(int shard) => new(0, shard);

    /// <summary>The root: the sum over a whole step.</summary>
    /// <param name="shards">Number of shards, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shards"/> is not a power of two.</exception>
    public static TreeNode Root(int shards)
    {
        if (!int.IsPow2(shards))
            throw new ArgumentOutOfRangeException(nameof(shards), shards, "the number of shards must be a power of two");
        return new TreeNode(int.Log2(shards), 0);
    }
}
