using VaeCluster.Core.Random;

namespace VaeCluster.Sweeps.Reports.Importance;

/// <summary>
/// A random forest (Breiman 2001) of 64 unpruned regression trees on bootstrap samples; each split considers a third of the features,
/// rounded up.
/// </summary>
internal sealed class RegressionForest
{
    private const int Trees = 64;

    private readonly Node[] _trees;

    private RegressionForest(Node[] trees) => _trees = trees;

    /// <summary>Fits a forest.</summary>
    /// <param name="columns">One column per feature.</param>
    /// <param name="targets">The values to predict, one per row.</param>
    internal static RegressionForest Fit(double[][] columns, double[] targets)
    {
        var trees = new Node[Trees];
        for (int tree = 0; tree < Trees; tree++)
        {
            var draws = new RandomSequence(new RandomStream(Seed: 0, RandomPurpose.Search, Time: uint.MaxValue, (uint)tree));
            int[] rows = [.. Enumerable.Range(0, targets.Length).Select(_ => draws.Below(targets.Length))];
            trees[tree] = Grow(columns, targets, rows, draws);
        }

        return new RegressionForest(trees);
    }

    /// <summary>The mean of the trees' predictions.</summary>
    /// <param name="point">One value per feature.</param>
    internal double Predict(double[] point)
    {
        double sum = 0;
        foreach (Node tree in _trees)
        {
            Node at = tree;
            while (at is { Left: { } left, Right: { } right }) at = point[at.Feature] <= at.Threshold ? left : right;
            sum += at.Value;
        }

        return sum / _trees.Length;
    }

    private static Node Grow(double[][] columns, double[] targets, int[] rows, RandomSequence draws)
    {
        double mean = rows.Average(row => targets[row]);
        if (BestSplit(columns, targets, rows, draws) is not var (feature, threshold)) return new Node(0, 0, mean, null, null);
        int[] left = [.. rows.Where(
            row => columns[feature][row] <= threshold)], right = [.. rows.Where(row => columns[feature][row] > threshold)];
        return new Node(feature, threshold, mean, Grow(columns, targets, left, draws), Grow(columns, targets, right, draws));
    }

    private static (int Feature, double Threshold)? BestSplit(double[][] columns, double[] targets, int[] rows, RandomSequence draws)
    {
        int[] features = [.. Enumerable.Range(0, columns.Length)];
        for (int i = features.Length - 1; i > 0; i--)
        {
            int j = draws.Below(i + 1);
            (features[i], features[j]) = (features[j], features[i]);
        }

        int tried = 0, most = Math.Max(1, (features.Length + 2) / 3);
        double total = rows.Sum(row => targets[row]), bestGain = 1e-12;
        (int, double)? best = null;
        foreach (int feature in features)
        {
            double[] column = columns[feature];
            int[] order = [.. rows.OrderBy(row => column[row])];
            if (column[order[0]].Equals(column[order[^1]])) continue; // constant: cannot be split, and does not count as tried
            double sum = 0;
            for (int i = 0; i < order.Length - 1; i++)
            {
                sum += targets[order[i]];
                double value = column[order[i]], next = column[order[i + 1]];
                if (value.Equals(next)) continue;
                int left = i + 1, right = order.Length - left;
                double difference = (sum / left) - ((total - sum) / right);
                double gain = (double)left * right / order.Length * difference * difference;
                if (gain > bestGain) (bestGain, best) = (gain, (feature, (value + next) / 2));
            }

            if (++tried == most) break;
        }

        return best;
    }

    /// <summary>A split, or a leaf if it has no children.</summary>
    private sealed record Node(int Feature, double Threshold, double Value, Node? Left, Node? Right);
}
