using VaeCluster.Evaluation.Figures;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The standard normal distribution.</summary>
internal static class NormalCurve
{
    /// <summary>The density at a value.</summary>
    internal static double Height(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>The cumulative distribution function.</summary>
    internal static double Below(double x) => Tail(-x / Math.Sqrt(2)) / 2;

    /// <summary>The quantile function.</summary>
    internal static double Quantile(double p) => NormalDistribution.Quantile(Math.Clamp(p, 1e-300, 1 - 1e-16));

    // The complementary error function, by the Chebyshev fit of Press et al., Numerical Recipes, 6.2; relative error below 1.2e-7.
    private static double Tail(double x)
    {
        ReadOnlySpan<double> fit =
            [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
        double t = 1 / (1 + (Math.Abs(x) / 2)), sum = 0;
        foreach (double coefficient in fit) sum = (sum * t) + coefficient;
        double tail = t * Math.Exp((-x * x) + sum);
        return x >= 0 ? tail : 2 - tail;
    }
}
