namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>Linear regression with an L1 penalty, (1/2n)‖y − Xw‖² + α‖w‖₁, on standardised columns, by coordinate descent.</summary>
internal static class Lasso
{
    private const int LargestSweeps = 10_000;

    // Stops when the largest change of a coefficient in a sweep is below this.
    private const double Tolerance = 1e-9;

    /// <summary>Fits the coefficients.</summary>
    /// <param name="features">Columns with mean 0.</param>
    /// <param name="target">A column with mean 0.</param>
    /// <param name="alpha">α.</param>
    internal static double[] Fit(double[][] features, double[] target, double alpha)
    {
        int count = features.Length;
        var products = new double[count, count];
        var targets = new double[count];
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++) products[a, b] = products[b, a] = Product(features[a], features[b]);
            targets[a] = Product(features[a], target);
        }

        var weights = new double[count];
        for (int sweep = 0; sweep < LargestSweeps; sweep++)
        {
            double change = 0;
            for (int a = 0; a < count; a++)
            {
                // A constant column predicts nothing.
                if (products[a, a] == 0) continue;
                double rest = targets[a];
                for (int b = 0; b < count; b++)
                    if (b != a) rest -= products[a, b] * weights[b];
                double weight = Math.Sign(rest) * Math.Max(0, Math.Abs(rest) - alpha) / products[a, a];
                change = Math.Max(change, Math.Abs(weight - weights[a]));
                weights[a] = weight;
            }

            if (change <= Tolerance) break;
        }

        return weights;
    }

    private static double Product(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum / a.Length;
    }
}
