namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>
/// A linear support vector machine on one feature, one class against the rest: ½(w² + b²) + Σ c·max(0, 1 − y(wx + b))², with the weighting
/// of liblinear (penalised intercept, squared loss, C of a class multiplied by n/(classes·its count), C of the rest unchanged). Newton's
/// method reaches the optimum of the two parameters exactly after a few rounds, so there is no tolerance and no random order.
/// </summary>
internal sealed class LinearSvm
{
    private const int LargestRounds = 100;

    private readonly int[] _classes;
    private readonly (double Slope, double Offset)[] _machines;

    private LinearSvm(int[] classes, (double, double)[] machines)
    {
        _classes = classes;
        _machines = machines;
    }

    /// <summary>Fits one machine per class.</summary>
    /// <param name="feature">One value per row.</param>
    /// <param name="labels">One label per row, from 0.</param>
    /// <param name="size">Number of possible labels; labels that do not occur are never predicted.</param>
    /// <param name="c">C.</param>
    internal static LinearSvm Fit(ReadOnlySpan<float> feature, ReadOnlySpan<int> labels, int size, double c)
    {
        var counts = new int[size];
        foreach (int label in labels) counts[label]++;
        int[] classes = [.. Enumerable.Range(0, size).Where(label => counts[label] > 0)];
        var machines = new (double, double)[classes.Length];
        for (int k = 0; k < classes.Length; k++)
        {
            double weight = (double)labels.Length / (classes.Length * (double)counts[classes[k]]);
            // With two classes, each is the rest of the other, and both are balanced.
            double rest = classes.Length == 2 ? (double)labels.Length / (2.0 * counts[classes[1 - k]]) : 1;
            machines[k] = classes.Length == 1 ? (0, 0) : Solve(feature, labels, classes[k], c * weight, c * rest);
        }

        return new LinearSvm(classes, machines);
    }

    /// <summary>The fraction of rows whose label is predicted.</summary>
    internal double Accuracy(ReadOnlySpan<float> feature, ReadOnlySpan<int> labels)
    {
        int right = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            int best = 0;
            double largest = double.NegativeInfinity;
            for (int k = 0; k < _machines.Length; k++)
            {
                double value = (_machines[k].Slope * feature[row]) + _machines[k].Offset;
                if (value > largest) (best, largest) = (k, value);
            }

            if (_classes[best] == labels[row]) right++;
        }

        return (double)right / labels.Length;
    }

    private static (double Slope, double Offset) Solve(
        ReadOnlySpan<float> feature, ReadOnlySpan<int> labels, int positive, double c, double rest)
    {
        double w = 0, b = 0;
        Terms terms = Evaluate(feature, labels, positive, c, rest, w, b);
        for (int round = 0; round < LargestRounds; round++)
        {
            double determinant = (terms.Ww * terms.Bb) - (terms.Wb * terms.Wb);
            double stepW = -((terms.Bb * terms.W) - (terms.Wb * terms.B)) / determinant;
            double stepB = -((terms.Ww * terms.B) - (terms.Wb * terms.W)) / determinant;
            if (Math.Abs(stepW) <= 1e-12 * (1 + Math.Abs(w)) && Math.Abs(stepB) <= 1e-12 * (1 + Math.Abs(b))) break;
            double slope = (stepW * terms.W) + (stepB * terms.B), step = 1;
            Terms next = Evaluate(feature, labels, positive, c, rest, w + stepW, b + stepB);
            while (next.Loss > terms.Loss + (1e-4 * step * slope) && step > 1e-6)
            {
                step /= 2;
                next = Evaluate(feature, labels, positive, c, rest, w + (step * stepW), b + (step * stepB));
            }

            // No further progress is possible because of rounding.
            if (next.Loss >= terms.Loss) break;
            (w, b, terms) = (w + (step * stepW), b + (step * stepB), next);
        }

        return (w, b);
    }

    private static Terms Evaluate(
        ReadOnlySpan<float> feature, ReadOnlySpan<int> labels, int positive, double c, double rest, double w, double b)
    {
        double loss = 0.5 * ((w * w) + (b * b)), gradientW = w, gradientB = b, ww = 1, wb = 0, bb = 1;
        for (int row = 0; row < labels.Length; row++)
        {
            double x = feature[row], value = (w * x) + b;
            bool own = labels[row] == positive;
            double miss = own ? 1 - value : -1 - value;
            if (own ? miss <= 0 : miss >= 0) continue;
            double weight = own ? c : rest;
            loss += weight * miss * miss;
            gradientW -= 2 * weight * miss * x;
            gradientB -= 2 * weight * miss;
            ww += 2 * weight * x * x;
            wb += 2 * weight * x;
            bb += 2 * weight;
        }

        return new Terms(loss, gradientW, gradientB, ww, wb, bb);
    }

    /// <summary>The loss with its first and second derivatives.</summary>
    private readonly record struct Terms(double Loss, double W, double B, double Ww, double Wb, double Bb);
}
