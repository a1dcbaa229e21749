namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>
/// Minimises a smooth convex function with L-BFGS (Liu and Nocedal 1989) and a backtracking line search. Deterministic: no random numbers,
/// and every sum has a fixed order.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const int LargestRounds = 1000;

    // Stops when the largest element of the gradient is below this.
    private const double Tolerance = 1e-4;

    /// <summary>Returns the function's value at a point and writes its gradient to the second argument.</summary>
    internal delegate double Function(double[] point, double[] gradient);

    /// <summary>Finds the minimum.</summary>
    /// <param name="point">The starting point; receives the minimum.</param>
    /// <param name="function">The function.</param>
    internal static void Minimize(double[] point, Function function)
    {
        int length = point.Length;
        var gradient = new double[length];
        var pairs = new List<(double[] Step, double[] Change, double Product)>(Memory + 1);
        double value = function(point, gradient);
        for (int round = 0; round < LargestRounds && Largest(gradient) > Tolerance; round++)
        {
            double[] direction = Direction(gradient, pairs);
            double slope = Dot(gradient, direction);
            // If rounding has corrupted the memory, restart with steepest descent.
            if (slope >= 0)
            {
                pairs.Clear();
                direction = [.. gradient.Select(element => -element)];
                slope = -Dot(gradient, gradient);
            }

            double[] before = [.. point], gradientBefore = [.. gradient];
            double length0 = pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            if (Backtrack(point, before, direction, length0, value, slope, gradient, function) is not { } lower) return;
            value = lower;
            Remember(pairs, Difference(point, before), Difference(gradient, gradientBefore));
        }
    }

    // Halves the step until the value falls enough (Armijo). Null if no step reduces it any more, so the point is optimal up to rounding.
    private static double? Backtrack(
        double[] point, double[] before, double[] direction, double step, double value, double slope, double[] gradient, Function function)
    {
        for (int halving = 0; halving < 40; halving++, step /= 2)
        {
            for (int i = 0; i < point.Length; i++) point[i] = before[i] + (step * direction[i]);
            double candidate = function(point, gradient);
            if (candidate <= value + (1e-4 * step * slope)) return candidate;
        }

        before.CopyTo(point, 0);
        return null;
    }

    private static void Remember(List<(double[] Step, double[] Change, double Product)> pairs, double[] step, double[] change)
    {
        double product = Dot(step, change);
        // A pair without positive curvature would make the Hessian estimate indefinite.
        if (product <= 1e-12 * Dot(change, change)) return;
        if (pairs.Count == Memory) pairs.RemoveAt(0);
        pairs.Add((step, change, product));
    }

    // The two-loop recursion over the stored pairs.
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Product)> pairs)
    {
        double[] direction = [.. gradient];
        var factors = new double[pairs.Count];
        for (int p = pairs.Count - 1; p >= 0; p--)
        {
            factors[p] = Dot(pairs[p].Step, direction) / pairs[p].Product;
            Add(direction, -factors[p], pairs[p].Change);
        }

        if (pairs.Count > 0)
        {
            (_, double[] change, double product) = pairs[^1];
            double scale = product / Dot(change, change);
            for (int i = 0; i < direction.Length; i++) direction[i] *= scale;
        }

        for (int p = 0; p < pairs.Count; p++)
            Add(direction, factors[p] - (Dot(pairs[p].Change, direction) / pairs[p].Product), pairs[p].Step);
        for (int i = 0; i < direction.Length; i++) direction[i] = -direction[i];
        return direction;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (int i = 0; i < target.Length; i++) target[i] += factor * values[i];
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (int i = 0; i < a.Length; i++) difference[i] = a[i] - b[i];
        return difference;
    }

    private static double Largest(double[] values)
    {
        double largest = 0;
        foreach (double value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
