using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>Grows regression trees of depth 3 over the same rows; holds the buffers of one thread.</summary>
internal sealed class TreeGrower
{
    private const int Depth = 3;

    // Smaller gains are due to rounding.
    private const double SmallestGain = 1e-12;

    private readonly BinnedCodes _bins;
    private readonly int _rows;
    private readonly int[] _order;
    private readonly int[] _spare;
    private readonly double[] _residuals;
    // For each node on the current path: the sum of residuals and the count, for every dimension and bin.
    private readonly Vector128<double>[][] _histograms;
    private readonly List<Node> _nodes = [];

    internal TreeGrower(BinnedCodes bins)
    {
        _bins = bins;
        _rows = bins.Training.Length / bins.Latent;
        _order = new int[_rows];
        _spare = new int[_rows];
        _residuals = new double[_rows];
        _histograms = [.. Enumerable.Range(0, (2 * Depth) + 1).Select(_ => new Vector128<double>[bins.Latent * BinnedCodes.Bins])];
    }

    /// <summary>Grows a tree on the residuals of one class.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <param name="own">The class.</param>
    /// <param name="probabilities">The current predicted probability of the class for each row.</param>
    /// <param name="scale">Factor on a leaf's Newton step Σr / Σp(1 − p).</param>
    /// <param name="gains">Receives, by addition, the reduction of the squared error by each dimension's splits.</param>
    internal void Grow(int[] labels, int own, double[] probabilities, double scale, double[] gains)
    {
        for (int row = 0; row < _rows; row++)
        {
            _order[row] = row;
            _residuals[row] = (labels[row] == own ? 1 : 0) - probabilities[row];
        }

        _nodes.Clear();
        Fill(_histograms[0], 0, _rows);
        Split(0, _rows, 0, _histograms[0], probabilities, scale, gains);
    }

    /// <summary>Adds the tree's values to predictions.</summary>
    /// <param name="training">One per training row.</param>
    /// <param name="test">One per test row.</param>
    internal void AddTo(double[] training, double[] test)
    {
        // Training rows are already grouped by leaf.
        foreach (Node node in CollectionsMarshal.AsSpan(_nodes))
        {
            if (node.Dimension >= 0) continue;
            for (int i = node.First; i < node.Last; i++) training[_order[i]] += node.Value;
        }

        ReadOnlySpan<Node> nodes = CollectionsMarshal.AsSpan(_nodes);
        for (int row = 0; row < test.Length; row++)
        {
            int at = 0;
            while (nodes[at].Dimension >= 0)
                at = _bins.Test[(row * _bins.Latent) + nodes[at].Dimension] <= nodes[at].Bin ? at + 1 : nodes[at].Right;
            test[row] += nodes[at].Value;
        }
    }

    // The left child of a node is the next node. Returns the node's index.
    private int Split(int first, int last, int depth, Vector128<double>[] histogram, double[] probabilities, double scale, double[] gains)
    {
        int index = _nodes.Count;
        if (depth == Depth || BestSplit(histogram, last - first) is not { } best)
        {
            _nodes.Add(new Node(-1, 0, 0, first, last, LeafValue(first, last, probabilities, scale)));
            return index;
        }

        gains[best.Dimension] += best.Gain;
        _nodes.Add(default);
        int middle = Partition(first, last, best.Dimension, best.Bin);
        Vector128<double>[] left = _histograms[(2 * depth) + 1], right = _histograms[(2 * depth) + 2];
        // Only the smaller child's histogram is computed; the other is the difference to the parent's.
        bool smallerLeft = middle - first <= last - middle;
        if (depth + 1 < Depth)
        {
            (int from, int to) = smallerLeft ? (first, middle) : (middle, last);
            Fill(smallerLeft ? left : right, from, to);
            Subtract(histogram, smallerLeft ? left : right, smallerLeft ? right : left);
        }

        Split(first, middle, depth + 1, left, probabilities, scale, gains);
        int rightIndex = Split(middle, last, depth + 1, right, probabilities, scale, gains);
        _nodes[index] = new Node(best.Dimension, best.Bin, rightIndex, first, last, 0);
        return index;
    }

    private void Fill(Vector128<double>[] histogram, int first, int last)
    {
        Array.Clear(histogram);
        int latent = _bins.Latent;
        ref Vector128<double> cells = ref MemoryMarshal.GetArrayDataReference(histogram);
        for (int i = first; i < last; i++)
        {
            int row = _order[i];
            Vector128<double> addend = Vector128.Create(_residuals[row], 1);
            ReadOnlySpan<byte> bins = _bins.Training.AsSpan(row * latent, latent);
            for (int j = 0; j < bins.Length; j++)
                System.Runtime.CompilerServices.Unsafe.Add(ref cells, (j * BinnedCodes.Bins) + bins[j]) += addend;
        }
    }

    private static void Subtract(Vector128<double>[] all, Vector128<double>[] part, Vector128<double>[] rest)
    {
        for (int i = 0; i < rest.Length; i++) rest[i] = all[i] - part[i];
    }

    // The split that reduces the squared error most, n_l n_r / n · (mean_l − mean_r)²; the first of equal ones.
    private (int Dimension, int Bin, double Gain)? BestSplit(Vector128<double>[] histogram, int rows)
    {
        if (rows < 2) return null;
        double total = 0;
        for (int bin = 0; bin < BinnedCodes.Bins; bin++) total += histogram[bin][0];
        (int Dimension, int Bin, double Gain) best = (-1, 0, SmallestGain);
        for (int j = 0; j < _bins.Latent; j++)
        {
            double sum = 0, count = 0;
            for (int bin = 0; bin < BinnedCodes.Bins - 1; bin++)
            {
                Vector128<double> cell = histogram[(j * BinnedCodes.Bins) + bin];
                if (cell[1] == 0) continue;
                sum += cell[0];
                count += cell[1];
                double rest = rows - count;
                if (rest == 0) break;
                double difference = (sum * rest) - ((total - sum) * count);
                double gain = difference * difference / (count * rest * rows);
                if (gain > best.Gain) best = (j, bin, gain);
            }
        }

        return best.Dimension < 0 ? null : best;
    }

    // Rows keep their order on both sides, so that sums have a fixed order.
    private int Partition(int first, int last, int dimension, int bin)
    {
        int left = first, right = 0;
        for (int i = first; i < last; i++)
        {
            int row = _order[i];
            if (_bins.Training[(row * _bins.Latent) + dimension] <= bin) _order[left++] = row;
            else _spare[right++] = row;
        }

        _spare.AsSpan(0, right).CopyTo(_order.AsSpan(left));
        return left;
    }

    private double LeafValue(int first, int last, double[] probabilities, double scale)
    {
        double residuals = 0, curvature = 0;
        for (int i = first; i < last; i++)
        {
            int row = _order[i];
            residuals += _residuals[row];
            curvature += probabilities[row] * (1 - probabilities[row]);
        }

        return curvature < 1e-150 ? 0 : scale * residuals / curvature;
    }

    /// <summary>A split (the left child is the next node) or, with dimension −1, a leaf; and the rows that reach it.</summary>
    private readonly record struct Node(int Dimension, int Bin, int Right, int First, int Last, double Value);
}
