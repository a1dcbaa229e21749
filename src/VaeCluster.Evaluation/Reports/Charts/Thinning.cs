namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>Reduces the number of points of a curve without visible change.</summary>
public static class Thinning
{
    /// <summary>
    /// Keeps at most a given number of the finite points, in order: the series is divided into runs of equal length, and of each run the
    /// lowest and the highest point are kept, so that no spike is lost. The first and the last point are always kept.
    /// </summary>
    /// <param name="points">In order of X.</param>
    /// <param name="most">The largest number of points, at least 4.</param>
    public static IReadOnlyList<ChartPoint> KeepExtremes(IReadOnlyList<ChartPoint> points, int most = 500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 4);
        ChartPoint[] finite = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (finite.Length <= most) return finite;

        int runs = (most - 2) / 2;
        var kept = new List<ChartPoint>(most) { finite[0] };
        int inner = finite.Length - 2;
        for (int run = 0; run < runs; run++)
        {
            int first = 1 + (int)((long)run * inner / runs);
            int end = 1 + (int)((long)(run + 1) * inner / runs);
            int lowest = first, highest = first;
            for (int i = first + 1; i < end; i++)
            {
                if (finite[i].Y < finite[lowest].Y) lowest = i;
                if (finite[i].Y > finite[highest].Y) highest = i;
            }

            kept.Add(finite[Math.Min(lowest, highest)]);
            if (lowest != highest) kept.Add(finite[Math.Max(lowest, highest)]);
        }

        kept.Add(finite[^1]);
        return kept;
    }
}
