namespace VaeCluster.Core.Reduction;

/// <summary>
/// Tracks which nodes of a step's reduction tree a parameter server has received, so that every shard counts exactly once whatever the
/// order of arrival and the assignment of shards. A node is a duplicate if it or one of its ancestors is present; an accepted node
/// supersedes its descendants that are present.
/// </summary>
/// <remarks>
/// The owner keeps a buffer for each present node. After each offer it combines what it can: <see cref="TryFindPair"/> names a parent
/// whose children are both present, the owner adds the right child's buffer to the left child's, which becomes the parent's, and calls
/// <see cref="Combine"/>. Blocks of a tree either nest or are disjoint, so the present nodes are always disjoint. Not thread-safe. Only
/// <see cref="MissingShards"/> and <see cref="PresentNodes"/> allocate after construction.
/// </remarks>
public sealed class NodeLedger
{
    // By the nodes' heap indices.
    private readonly bool[] _present;
    private readonly TreeNode[] _superseded;
    private int _covered;

    /// <summary>An empty ledger.</summary>
    /// <param name="shards">Shards of a step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shards"/> is not a power of two.</exception>
    public NodeLedger(int shards)
    {
        Root = TreeNode.Root(shards);
        Shards = shards;
        _present = new bool[2 * shards];
        _superseded = new TreeNode[shards];
    }

    /// <summary>Number of shards of a step.</summary>
    public int Shards { get; }

    /// <summary>The root of the tree: the sum over the whole step.</summary>
    public TreeNode Root { get; }

    /// <summary>Whether every shard is covered by a present node.</summary>
    public bool IsComplete => _covered == Shards;

    /// <summary>Whether all nodes are combined into the root.</summary>
    public bool IsReduced => _present[1];

    /// <summary>Accepts a node if it is new.</summary>
    /// <param name="node">A node of the tree.</param>
    /// <returns>Accepted, with the nodes that it supersedes, or a duplicate.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in the tree.</exception>
    public NodeOutcome Offer(TreeNode node)
    {
        if (Holds(node)) return NodeOutcome.Duplicate;
        int heap = node.HeapIndex(Shards);
        int superseded = TakeDescendants(node);
        _present[heap] = true;
        _covered += node.ShardCount;
        return NodeOutcome.Accept(_superseded.AsSpan(0, superseded));
    }

    /// <summary>Whether a node or one of its ancestors is present, so that it would be a duplicate.</summary>
    /// <param name="node">A node of the tree.</param>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in the tree.</exception>
    public bool Holds(TreeNode node)
    {
        for (int above = node.HeapIndex(Shards); above > 0; above >>= 1)
        {
            if (_present[above]) return true;
        }

        return false;
    }

    /// <summary>Whether the node itself is present, with its own buffer.</summary>
    /// <param name="node">A node of the tree.</param>
    public bool IsPresent(TreeNode node) => _present[node.HeapIndex(Shards)];

    /// <summary>Finds two present siblings, which can be added.</summary>
    /// <param name="parent">Their parent; the operands are its <see cref="TreeNode.Left"/> and <see cref="TreeNode.Right"/>.</param>
    /// <returns>False if no two present nodes are siblings.</returns>
    public bool TryFindPair(out TreeNode parent)
    {
        for (int left = 2; left < _present.Length; left += 2)
        {
            if (_present[left] && _present[left + 1])
            {
                parent = TreeNode.AtHeapIndex(left >> 1, Shards);
                return true;
            }
        }

        parent = default;
        return false;
    }

    /// <summary>Replaces two children by their parent, after their buffers have been added.</summary>
    /// <param name="parent">A node whose children are both present.</param>
    /// <exception cref="InvalidOperationException">A child is not present.</exception>
    public void Combine(TreeNode parent)
    {
        int heap = parent.HeapIndex(Shards);
        if (parent.Level == 0 || !_present[2 * heap] || !_present[2 * heap + 1])
            throw new InvalidOperationException($"{parent} cannot be combined: its children are not both present");

        _present[2 * heap] = false;
        _present[2 * heap + 1] = false;
        _present[heap] = true;
    }

    /// <summary>The shards that no present node covers yet, in order.</summary>
    public IReadOnlyList<int> MissingShards()
    {
        var missing = new List<int>(Shards - _covered);
        for (int shard = 0; shard < Shards; shard++)
        {
            if (!IsCovered(shard)) missing.Add(shard);
        }

        return missing;
    }

    /// <summary>The present nodes, ordered by first shard.</summary>
    public IReadOnlyList<TreeNode> PresentNodes()
    {
        var nodes = new List<TreeNode>();
        for (int heap = 1; heap < _present.Length; heap++)
        {
            if (_present[heap]) nodes.Add(TreeNode.AtHeapIndex(heap, Shards));
        }

        nodes.Sort((left, right) => left.FirstShard.CompareTo(right.FirstShard));
        return nodes;
    }

    /// <summary>Removes all nodes, for the next step.</summary>
    public void Clear()
    {
        Array.Clear(_present);
        _covered = 0;
    }

    private bool IsCovered(int shard)
    {
        for (int heap = Shards + shard; heap > 0; heap >>= 1)
        {
            if (_present[heap]) return true;
        }

        return false;
    }

    // A node's descendants on one level are adjacent in the heap.
    private int TakeDescendants(TreeNode node)
    {
        int count = 0;
        for (int level = node.Level - 1, width = 2; level >= 0; level--, width *= 2)
        {
            int first = new TreeNode(level, node.Index * width).HeapIndex(Shards);
            for (int heap = first; heap < first + width; heap++)
            {
                if (!_present[heap]) continue;
                TreeNode descendant = TreeNode.AtHeapIndex(heap, Shards);
                _present[heap] = false;
                _covered -= descendant.ShardCount;
                _superseded[count++] = descendant;
            }
        }

        return count;
    }
}
