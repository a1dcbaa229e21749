namespace VaeCluster.Sweeps.Pareto;

/// <summary>Which of several points no other one beats.</summary>
public static class ParetoFront
{
    /// <summary>Whether a point is at least as good as another in everything and better in something.</summary>
    /// <param name="one">Losses, the smaller the better.</param>
    /// <param name="other">Losses of the other point.</param>
    public static bool Dominates(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        bool better = false;
        for (int i = 0; i < one.Count; i++)
        {
            // What is not a number is worse than anything that is one.
            int order = Compare(one[i], other[i]);
            if (order > 0) return false;
            better |= order < 0;
        }

        return better;
    }

    /// <summary>The points that no other one dominates.</summary>
    /// <param name="points">Losses of each.</param>
    /// <returns>Their places, in order.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<IReadOnlyList<double>> points) => [.. Ranks(points).Index().Where(rank => rank.Item == 0).Select(rank => rank.Index)];

    /// <summary>The front that each point lies on: 0 the first, 1 what is the first without those, and so on.</summary>
    /// <param name="points">Losses of each.</param>
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
