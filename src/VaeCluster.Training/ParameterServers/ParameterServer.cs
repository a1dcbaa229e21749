using VaeCluster.Core.Numerics;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.ParameterServers;

/// <summary>
/// Owns one range of the flat vector: takes the nodes of a step's gradient, adds them along the fixed tree, and applies the coordinator's
/// decision. Whoever pushed a node leaves its memory alone until the step is applied. Blocks may be worked on by different threads at once;
/// everything else is called by one thread at a time.
/// </summary>
public sealed class ParameterServer
{
    private readonly IOptimizer _optimizer;
    private readonly Memory<float>[] _moments;
    private readonly NodeLedger _ledger;

    // By the nodes' heap indices: the root at 1, the children of h at 2h and 2h + 1.
    private readonly Memory<float>[] _gradients;
    private readonly LossTerms[] _terms;
    private int _generation;
    private int _step;

    /// <summary>A server for one range.</summary>
    /// <param name="range">The range.</param>
    /// <param name="shards">Shards of a batch: leaves of the tree.</param>
    /// <param name="optimizer">Applies an update to a run of elements.</param>
    /// <param name="weights">The range's part of the flat vector.</param>
    /// <param name="moments">The range's part of the optimiser's moments.</param>
    public ParameterServer(BlockRange range, int shards, IOptimizer optimizer, Memory<float> weights, IReadOnlyList<Memory<float>> moments)
    {
        Range = range;
        _optimizer = optimizer;
        Weights = weights;
        _moments = [.. moments];
        _ledger = new NodeLedger(shards);
        _gradients = new Memory<float>[2 * shards];
        _terms = new LossTerms[2 * shards];
    }

    /// <summary>The range.</summary>
    public BlockRange Range { get; }

    /// <summary>The range's part of the flat vector; it may be moved to other memory between two steps.</summary>
    public Memory<float> Weights { get; set; }

    /// <summary>Whether every shard of the step has arrived.</summary>
    public bool IsComplete => _ledger.IsComplete;

    /// <summary>The shards of the step that have not arrived.</summary>
    public IReadOnlyList<int> MissingShards => _ledger.MissingShards();

    /// <summary>Sums of loss and terms over the batch, along the tree.</summary>
    public LossTerms Terms => SumTerms(1);

    /// <summary>Turns to a step. Nodes of other steps or older generations are refused from now on.</summary>
    /// <param name="generation">Incarnation that runs the step.</param>
    /// <param name="step">Number of the step.</param>
    /// <exception cref="ArgumentException">The generation is older than one already served.</exception>
    public void Begin(int generation, int step)
    {
        if (generation < _generation)
            throw new ArgumentException($"generation {generation} has been replaced by {_generation}", nameof(generation));
        _generation = generation;
        _step = step;
        _ledger.Clear();
        Array.Clear(_gradients);
    }

    /// <summary>Whether a node would be accepted now.</summary>
    /// <param name="node">A node of the step in progress.</param>
    public bool Wants(TreeNode node) => !_ledger.Holds(node);

    /// <summary>Takes a node of the step's gradient.</summary>
    /// <param name="generation">The sender's generation.</param>
    /// <param name="step">The sender's step.</param>
    /// <param name="node">The node of the tree over the shards.</param>
    /// <param name="gradient">The range's part of the node's gradient; it is written to when nodes are added.</param>
    /// <param name="terms">The node's sums of loss and terms.</param>
    public PushOutcome Push(int generation, int step, TreeNode node, Memory<float> gradient, LossTerms terms)
    {
        if (generation != _generation || step != _step)
        {
            TrainingInstruments.Drop(generation != _generation ? DropReason.Fenced : DropReason.Stale);
            return PushOutcome.Stale;
        }

        if (!_ledger.Offer(node).IsAccepted)
        {
            TrainingInstruments.Drop(DropReason.Duplicate);
            return PushOutcome.Repeat;
        }

        TrainingInstruments.Arrived(0);

        // What the node contains may be there already, in smaller nodes; the ledger has dropped them and so does the tree.
        int place = node.HeapIndex(_gradients.Length / 2);
        ClearBelow(place);
        _gradients[place] = gradient;
        _terms[place] = terms;
        return PushOutcome.Accepted;
    }

    /// <summary>Adds the nodes of one block along the tree.</summary>
    /// <param name="block">Index of the block in the whole vector; one of this range.</param>
    /// <returns>The sum of squares of the block's summed gradient, in float64.</returns>
    public double ReduceBlock(int block)
    {
        (int offset, int length) = Place(block);
        return LaneSum.SumOfSquares(Reduce(1, offset, length));
    }

    /// <summary>Applies the update to one block. Called after <see cref="ReduceBlock"/> of the same block.</summary>
    /// <param name="block">Index of the block in the whole vector; one of this range.</param>
    /// <param name="update">The decision.</param>
    public void ApplyBlock(int block, in UpdateStep update)
    {
        (int offset, int length) = Place(block);
        Span<float> gradient = _gradients[LeftmostPlace()].Span.Slice(offset, length);
        _optimizer.Update(Weights.Span.Slice(offset, length), gradient, new MomentSpans(_moments, offset, length), update);
    }

    private (int Offset, int Length) Place(int block)
    {
        int first = (block - Range.FirstBlock) * BlockPartition.BlockSize;
        return (first, Math.Min(BlockPartition.BlockSize, Range.Length - first));
    }

    // left += right, in the left child's memory: the root ends up in the leftmost node that was pushed.
    private Span<float> Reduce(int place, int offset, int length)
    {
        if (!_gradients[place].IsEmpty) return _gradients[place].Span.Slice(offset, length);

        Span<float> left = Reduce(2 * place, offset, length);
        GradientSum.Add(left, Reduce((2 * place) + 1, offset, length));
        return left;
    }

    private LossTerms SumTerms(int place) =>
        _gradients[place].IsEmpty ? SumTerms(2 * place) + SumTerms((2 * place) + 1) : _terms[place];

    private int LeftmostPlace()
    {
        int place = 1;
        while (_gradients[place].IsEmpty) place *= 2;
        return place;
    }

    private void ClearBelow(int place)
    {
        for (int first = 2 * place, end = first + 1; first < _gradients.Length; first *= 2, end = (end * 2) + 1)
            _gradients.AsSpan(first, end - first + 1).Clear();
    }
}
