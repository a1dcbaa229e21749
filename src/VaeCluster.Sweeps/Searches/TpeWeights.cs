namespace VaeCluster.Sweeps.Searches;

/// <summary>Weights of results in a density: the last 25 count in full, older ones less the older they are, as Optuna does.</summary>
internal static class TpeWeights
{
    private const int Full = 25;

    /// <summary>Weights of results, the oldest first, and of the even density at last; they add up to 1.</summary>
    /// <param name="count">How many results.</param>
    /// <param name="prior">Weight of the even density beside that of one result.</param>
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
