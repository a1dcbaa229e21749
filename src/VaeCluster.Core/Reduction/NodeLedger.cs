namespace VaeCluster.Core.Reduction;

/// <summary>
/// Which nodes of a step's tree a parameter server holds: every shard counts exactly once, whatever arrives in whatever order from
/// whatever assignments. A node is a repeat if it or an ancestor of it is present; it supersedes descendants that are.
/// </summary>
/// <remarks>
/// The owner keeps a buffer for each present node. After an offer it combines while it can: <see cref="TryFindPair"/> names a parent
/// whose children are both present, the owner adds the right child's buffer to the left one's, which becomes the parent's, and calls
/// <see cref="Combine"/>. Blocks of a tree either nest or are disjoint, so the present nodes are always disjoint. Not thread-safe;
/// nothing is allocated after construction but by the two lists.
/// </remarks>
public sealed class NodeLedger
{
    // By the nodes' heap indices.
    private readonly bool[] _present;
    private readonly TreeNode[] _superseded;
    private int _covered;

    /// <summary>An empty ledger.</summary>
    /// <param name="shards">Shards of a step, a power of two.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shards"/> is no power of two.</exception>
    public NodeLedger(int shards)
    {
        Root = TreeNode.Root(shards);
        Shards = shards;
        _present = new bool[2 * shards];
        _superseded = new TreeNode[shards];
    }

    /// <summary>Shards of a step.</summary>
    public int Shards { get; }

    /// <summary>The sum of a whole step.</summary>
    public TreeNode Root { get; }

    /// <summary>Whether every shard counts, in whatever nodes.</summary>
    public bool IsComplete => _covered == Shards;

    /// <summary>Whether everything is combined into the root.</summary>
    public bool IsReduced => _present[1];

    /// <summary>Decides about a node, and enters it if it is new.</summary>
    /// <param name="node">A node of the tree.</param>
    /// <returns>Accepted, with the nodes that it replaces, or a repeat.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in the tree.</exception>
    public NodeOutcome Offer(TreeNode node)
    {
        if (Holds(node)) return NodeOutcome.Repeat;
        int heap = node.HeapIndex(Shards);
        int superseded = TakeDescendants(node);
        _present[heap] = true;
        _covered += node.ShardCount;
        return NodeOutcome.Accept(_superseded.AsSpan(0, superseded));
    }

    /// <summary>Whether a node or an ancestor of it is present, so that it would be a repeat.</summary>
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

    /// <summary>Whether a node is present itself, with a buffer of its own.</summary>
    /// <param name="node">A node of the tree.</param>
    public bool IsPresent(TreeNode node) => _present[node.HeapIndex(Shards)];

    /// <summary>Finds two siblings that can be added.</summary>
    /// <param name="parent">Their parent; the operands are its <see cref="TreeNode.Left"/> and <see cref="TreeNode.Right"/>.</param>
    /// <returns>False where no two present nodes are siblings.</returns>
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

    /// <summary>Enters a parent in the place of its two children, once their buffers are added.</summary>
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

    /// <summary>The shards that do not count yet, in order.</summary>
    public IReadOnlyList<int> MissingShards()
    {
        var missing = new List<int>(Shards - _covered);
        for (int shard = 0; shard < Shards; shard++)
        {
            if (!IsCovered(shard)) missing.Add(shard);
        }

        return missing;
    }

    /// <summary>The present nodes in order of their first shards.</summary>
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

    /// <summary>Forgets everything, for the next step.</summary>
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

    // The descendants of a level are neighbours in the heap.
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
