using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Solvers;

namespace VaeCluster.Evaluation.Scores.Predictors;

/// <summary>
/// Explicitness (Ridgeway and Mozer 2018): how well logistic regression on the standardised code predicts the values of each factor, as the
/// mean area under the ROC curve of each value against the rest, on test images. The score is the mean over factors.
/// </summary>
public static class Explicitness
{
    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "explicitness", "explicitness: mean ROC AUC of linear prediction of factors (Ridgeway and Mozer 2018); by factor",
        "0 to 1, chance 0.5")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training, subject.Test, subject.Options),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="training">Codes of images with uniform factors, for training.</param>
    /// <param name="test">Codes of other images, for testing.</param>
    /// <param name="options">Threads and progress.</param>
    public static ScoreValue Measure(FactorCodes training, FactorCodes test, ScoreOptions options)
    {
        double[] trainingFeatures = new double[training.Count * training.Latent], testFeatures = new double[test.Count * test.Latent];
        for (int j = 0; j < training.Latent; j++) Standardize(training, test, j, trainingFeatures, testFeatures);
        var areas = new double[training.Names.Count];
        for (int f = 0; f < areas.Length; f++)
        {
            options.Progress?.Invoke($"explicitness: logistic regression for {training.Names[f]}, factor {f + 1} of {areas.Length}");
            int size = training.Sizes[f];
            MultinomialRegression classifier = MultinomialRegression.Fit(trainingFeatures, training.FactorColumn(f), size, options.Threads);
            areas[f] = MeanArea(classifier.Probabilities(testFeatures, test.Count), test.FactorColumn(f), size);
        }

        return new ScoreValue(areas.Average()) { Parts = training.ByFactor(areas) };
    }

    // Uses the mean and standard deviation of the training codes; a constant dimension becomes 0.
    private static void Standardize(FactorCodes training, FactorCodes test, int dimension, double[] trainingFeatures, double[] testFeatures)
    {
        float[] column = training.CodeColumn(dimension);
        double mean = 0, squares = 0;
        foreach (float value in column) mean += value;
        mean /= column.Length;
        foreach (float value in column) squares += (value - mean) * (value - mean);
        double deviation = Math.Sqrt(squares / column.Length);
        double scale = deviation > 0 ? 1 / deviation : 0;
        Fill(training, trainingFeatures);
        Fill(test, testFeatures);

        void Fill(FactorCodes codes, double[] features)
        {
            for (int row = 0; row < codes.Count; row++)
                features[(row * codes.Latent) + dimension] = (codes.Code(row)[dimension] - mean) * scale;
        }
    }

    private static double MeanArea(double[] probabilities, int[] labels, int classes)
    {
        double sum = 0;
        int present = 0;
        var scores = new double[labels.Length];
        for (int k = 0; k < classes; k++)
        {
            int own = labels.Count(label => label == k);
            if (own == 0 || own == labels.Length) continue;
            for (int row = 0; row < scores.Length; row++) scores[row] = probabilities[(row * classes) + k];
            sum += Area(scores, labels, k, own);
            present++;
        }

        return present == 0 ? 0.5 : sum / present;
    }

    // The probability that a row of the class has a larger score than one of the rest, from the sum of ranks.
    private static double Area(double[] scores, int[] labels, int own, int count)
    {
        double[] ranks = Ranks.Of(scores);
        double sum = 0;
        for (int row = 0; row < ranks.Length; row++)
            if (labels[row] == own) sum += ranks[row];
        return (sum - (count * (count + 1.0) / 2)) / ((double)count * (labels.Length - count));
    }
}
