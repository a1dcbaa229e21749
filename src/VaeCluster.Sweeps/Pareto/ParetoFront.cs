namespace VaeCluster.Sweeps.Pareto;

/// <summary>Finds the points that are not dominated by any other (the Pareto front).</summary>
public static class ParetoFront
{
    /// <summary>Whether a point is no worse than another in every loss and better in at least one.</summary>
    /// <param name="one">Losses of the point; lower is better, and NaN is worst.</param>
    /// <param name="other">Losses of the other point.</param>
    public static bool Dominates(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        bool better = false;
        for (int i = 0; i < one.Count; i++)
        {
            int order = Compare(one[i], other[i]);
            if (order > 0) return false;
            better |= order < 0;
        }

        return better;
    }

    /// <summary>The points that no other point dominates.</summary>
    /// <param name="points">The losses of each point.</param>
    /// <returns>Their indices, ascending.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<IReadOnlyList<double>> points) =>
        [.. Ranks(points).Index().Where(rank => rank.Item == 0).Select(rank => rank.Index)];

    /// <summary>The rank of each point: 0 on the Pareto front, 1 on the front of the remaining points, and so on.</summary>
    /// <param name="points">The losses of each point.</param>
    public static IReadOnlyList<int> Ranks(IReadOnlyList<IReadOnlyList<double>> points)
    {
        var ranks = new int[points.Count];
        List<int> left = [.. Enumerable.Range(0, points.Count)];
        for (int rank = 0; left.Count > 0; rank++)
        {
            List<int> front = [.. left.Where(i => !left.Any(j => Dominates(points[j], points[i])))];
            foreach (int i in front) ranks[i] = rank;
            left.RemoveAll(front.Contains);
        }

        return ranks;
    }

    private static int Compare(double one, double other) =>
        double.IsNaN(one) || double.IsNaN(other) ? double.IsNaN(one).CompareTo(double.IsNaN(other)) : one.CompareTo(other);
}
