namespace VaeCluster.Sweeps.Searches;

/// <summary>Weights of results in a density: the last 25 have full weight, older ones decreasing weight, as in Optuna.</summary>
internal static class TpeWeights
{
    private const int Full = 25;

    /// <summary>The weights of the results, oldest first, and last that of the uniform density; they sum to 1.</summary>
    /// <param name="count">Number of results.</param>
    /// <param name="prior">Weight of the uniform density relative to one result.</param>
    internal static double[] Of(int count, double prior)
    {
        var weights = new double[count + 1];
        int old = Math.Max(0, count - Full);
        for (int i = 0; i < count; i++)
            weights[i] = i >= old ? 1 : old == 1 ? 1.0 / count : (1.0 / count) + ((1 - (1.0 / count)) * i / (old - 1));
        weights[count] = prior;
        double sum = weights.Sum();
        for (int i = 0; i <= count; i++) weights[i] /= sum;
        return weights;
    }
}
