using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Solvers;

namespace VaeCluster.Evaluation.Scores.Predictors;

/// <summary>
/// SAP (Kumar et al. 2018): for each factor, how much better the best single latent dimension predicts it than the second-best one; the
/// score is the mean over factors. Prediction is the test accuracy of a linear SVM (C = 0.01, balanced classes), or the squared correlation
/// if factors are treated as continuous.
/// </summary>
public static class SeparatedAttributePredictability
{
    private const double C = 0.01;

    // A dimension with less variance is constant up to rounding.
    private const double SmallestVariance = 1e-12;

    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "sap", "separated attribute predictability with a linear SVM (Kumar et al. 2018); by factor", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training, subject.Test, subject.Options.Threads),
    };

    /// <summary>The name and properties of the continuous variant.</summary>
    public static ScoreKind Continuous { get; } = new(
        "sap-continuous", "SAP with continuous factors: squared correlation; by factor", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => MeasureContinuous(subject.Training),
    };

    /// <summary>Measures the score with factors as classes.</summary>
    /// <param name="training">Codes of images with uniform factors, for training.</param>
    /// <param name="test">Codes of other images, for testing.</param>
    /// <param name="threads">Threads; they do not affect the result.</param>
    public static ScoreValue Measure(FactorCodes training, FactorCodes test, int threads)
    {
        int factors = training.Names.Count;
        var accuracies = new double[training.Latent, factors];
        Parallel.For(0, training.Latent * factors, new ParallelOptions { MaxDegreeOfParallelism = threads }, pair =>
        {
            (int j, int f) = Math.DivRem(pair, factors);
            LinearSvm machine = LinearSvm.Fit(training.CodeColumn(j), training.FactorColumn(f), training.Sizes[f], C);
            accuracies[j, f] = machine.Accuracy(test.CodeColumn(j), test.FactorColumn(f));
        });
        return Gaps(training, accuracies);
    }

    /// <summary>Measures the score with continuous factors.</summary>
    /// <param name="sample">Codes of images with uniform factors.</param>
    public static ScoreValue MeasureContinuous(FactorCodes sample)
    {
        var correlations = new double[sample.Latent, sample.Names.Count];
        for (int j = 0; j < sample.Latent; j++)
        {
            float[] codes = sample.CodeColumn(j);
            for (int f = 0; f < sample.Names.Count; f++) correlations[j, f] = SquaredCorrelation(codes, sample.FactorColumn(f));
        }

        return Gaps(sample, correlations);
    }

    private static ScoreValue Gaps(FactorCodes sample, double[,] matrix)
    {
        var gaps = new double[sample.Names.Count];
        for (int f = 0; f < gaps.Length; f++)
        {
            // With a single dimension there is no second-best, and the gap is its whole accuracy.
            double best = 0, second = 0;
            for (int j = 0; j < sample.Latent; j++)
            {
                if (matrix[j, f] > best) (best, second) = (matrix[j, f], best);
                else second = Math.Max(second, matrix[j, f]);
            }

            gaps[f] = best - second;
        }

        return new ScoreValue(gaps.Average()) { Parts = sample.ByFactor(gaps) };
    }

    private static double SquaredCorrelation(float[] codes, int[] factor)
    {
        double meanCode = 0, meanFactor = 0;
        for (int i = 0; i < codes.Length; i++) (meanCode, meanFactor) = (meanCode + codes[i], meanFactor + factor[i]);
        (meanCode, meanFactor) = (meanCode / codes.Length, meanFactor / codes.Length);
        double both = 0, code = 0, value = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            double c = codes[i] - meanCode, v = factor[i] - meanFactor;
            both += c * v;
            code += c * c;
            value += v * v;
        }

        return code / (codes.Length - 1) > SmallestVariance && value > 0 ? both * both / (code * value) : 0;
    }
}
