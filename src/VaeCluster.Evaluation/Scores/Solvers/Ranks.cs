namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>Computes ranks.</summary>
internal static class Ranks
{
    /// <summary>The rank of each value, from 1; equal values get the mean of their ranks.</summary>
    internal static double[] Of(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (int first = 0; first < sorted.Length;)
        {
            int last = first;
            while (last + 1 < sorted.Length && sorted[last + 1].Equals(sorted[first])) last++;
            double rank = ((first + last) / 2.0) + 1;
            for (int i = first; i <= last; i++) ranks[order[i]] = rank;
            first = last + 1;
        }

        return ranks;
    }
}
