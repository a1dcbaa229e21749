using VaeCluster.Core.Numerics;

namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>
/// Multinomial logistic regression with an L2 penalty, ½‖W‖² + Σ −log p(label), without penalty on the intercepts: scikit-learn's default
/// (C = 1). Solved with <see cref="Lbfgs"/>. Rows are summed in blocks of a fixed size, which are added in order, so the bits do not depend
/// on the number of threads.
/// </summary>
internal sealed class MultinomialRegression
{
    private const int BlockRows = 256;

    // features + 1 weights for each class, with the intercept last.
    private readonly double[] _weights;
    private readonly int _classes;

    private MultinomialRegression(double[] weights, int classes)
    {
        _weights = weights;
        _classes = classes;
    }

    /// <summary>Fits the weights.</summary>
    /// <param name="features">n rows of d features.</param>
    /// <param name="labels">n labels, each from 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="threads">Threads.</param>
    internal static MultinomialRegression Fit(double[] features, int[] labels, int classes, int threads)
    {
        int parameters = ((features.Length / labels.Length) + 1) * classes;
        int blocks = (labels.Length + BlockRows - 1) / BlockRows;
        double[] losses = new double[blocks], gradients = new double[blocks * parameters];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var weights = new double[parameters];
        Lbfgs.Minimize(weights, Loss);
        return new MultinomialRegression(weights, classes);

        double Loss(double[] point, double[] gradient)
        {
            Array.Clear(gradients);
            Parallel.For(0, blocks, parallel, block =>
            {
                int first = block * BlockRows, last = Math.Min(labels.Length, first + BlockRows);
                losses[block] = BlockLoss(point, features, labels, first, last, classes, gradients.AsSpan(block * parameters, parameters));
            });
            return Penalty(point, gradient, classes) + AddBlocks(gradient);
        }

        double AddBlocks(double[] gradient)
        {
            double loss = 0;
            for (int block = 0; block < blocks; block++)
            {
                loss += losses[block];
                for (int i = 0; i < parameters; i++) gradient[i] += gradients[(block * parameters) + i];
            }

            return loss;
        }
    }

    /// <summary>The fraction of rows whose label is predicted.</summary>
    internal double Accuracy(double[] features, int[] labels)
    {
        int inputs = features.Length / labels.Length, right = 0;
        var scores = new double[_classes];
        for (int row = 0; row < labels.Length; row++)
        {
            Scores(_weights, features.AsSpan(row * inputs, inputs), scores);
            if (Largest(scores) == labels[row]) right++;
        }

        return (double)right / labels.Length;
    }

    /// <summary>p(class|row): n rows of one value per class.</summary>
    internal double[] Probabilities(double[] features, int rows)
    {
        int inputs = features.Length / rows;
        var probabilities = new double[rows * _classes];
        for (int row = 0; row < rows; row++)
        {
            Span<double> values = probabilities.AsSpan(row * _classes, _classes);
            Scores(_weights, features.AsSpan(row * inputs, inputs), values);
            Softmax(values);
        }

        return probabilities;
    }

    private static double Penalty(double[] weights, double[] gradient, int classes)
    {
        int stride = weights.Length / classes;
        double loss = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            bool intercept = i % stride == stride - 1;
            gradient[i] = intercept ? 0 : weights[i];
            if (!intercept) loss += 0.5 * weights[i] * weights[i];
        }

        return loss;
    }

    private static double BlockLoss(
        double[] weights, double[] features, int[] labels, int first, int last, int classes, Span<double> gradient)
    {
        int inputs = features.Length / labels.Length, stride = inputs + 1;
        Span<double> scores = new double[classes];
        double loss = 0;
        for (int row = first; row < last; row++)
        {
            ReadOnlySpan<double> x = features.AsSpan(row * inputs, inputs);
            Scores(weights, x, scores);
            double own = scores[labels[row]];
            loss += Softmax(scores) - own;
            scores[labels[row]] -= 1;
            for (int k = 0; k < classes; k++)
            {
                double error = scores[k];
                Span<double> target = gradient.Slice(k * stride, stride);
                for (int j = 0; j < x.Length; j++) target[j] += error * x[j];
                target[inputs] += error;
            }
        }

        return loss;
    }

    private static void Scores(double[] weights, ReadOnlySpan<double> x, Span<double> scores)
    {
        int stride = x.Length + 1;
        for (int k = 0; k < scores.Length; k++)
        {
            ReadOnlySpan<double> w = weights.AsSpan(k * stride, stride);
            double sum = w[x.Length];
            for (int j = 0; j < x.Length; j++) sum += w[j] * x[j];
            scores[k] = sum;
        }
    }

    /// <summary>Turns scores into probabilities.</summary>
    /// <returns>log Σ e^score.</returns>
    private static double Softmax(Span<double> scores)
    {
        double largest = scores[Largest(scores)], sum = 0;
        foreach (ref double score in scores)
        {
            score = ScalarMath.Exp(score - largest);
            sum += score;
        }

        foreach (ref double score in scores) score /= sum;
        return largest + ScalarMath.Log(sum);
    }

    private static int Largest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[best]) best = i;
        return best;
    }
}
