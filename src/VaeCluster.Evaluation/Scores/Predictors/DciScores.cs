using VaeCluster.Core.Numerics;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Solvers;

namespace VaeCluster.Evaluation.Scores.Predictors;

/// <summary>
/// DCI (Eastwood and Williams 2018) with gradient-boosted trees, from the importance of each latent dimension for predicting each factor.
/// Disentanglement: each dimension is used for one factor; completeness: each factor is predicted by one dimension; informativeness: the
/// mean test accuracy.
/// </summary>
public static class DciScores
{
    // Keeps the logarithm of an importance of 0 finite, as in the reference library.
    private const double Floor = 1e-11;

    /// <summary>The name and properties of the disentanglement score.</summary>
    public static ScoreKind Disentanglement { get; } = new(
        "dci", "DCI disentanglement with boosted trees (Eastwood and Williams 2018); includes the other two", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => new ScoreValue(subject.Dci.Disentanglement) { Parts = subject.Dci.Parts },
    };

    /// <summary>The name and properties of the completeness score.</summary>
    public static ScoreKind Completeness { get; } = new(
        "dci-completeness", "DCI completeness: each factor is predicted by one dimension", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => new ScoreValue(subject.Dci.Completeness),
    };

    /// <summary>The name and properties of the informativeness score.</summary>
    public static ScoreKind Informativeness { get; } = new(
        "dci-informativeness", "DCI informativeness: test accuracy of the trees; by factor", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => new ScoreValue(subject.Dci.Informativeness) { Parts = subject.Training.ByFactor(subject.Dci.Accuracies) },
    };

    /// <summary>Measures all three scores.</summary>
    /// <param name="training">Codes of images with uniform factors, for training.</param>
    /// <param name="test">Codes of other images, for testing.</param>
    /// <param name="options">Threads and progress.</param>
    /// <param name="cancellationToken">Cancels between two rounds of boosting.</param>
    public static DciResult Measure(
        FactorCodes training, FactorCodes test, ScoreOptions options, CancellationToken cancellationToken = default)
    {
        var importances = new double[training.Latent, training.Names.Count];
        var accuracies = new double[training.Names.Count];
        var bins = new BinnedCodes(training, test);
        for (int f = 0; f < accuracies.Length; f++)
        {
            options.Progress?.Invoke($"dci: boosting trees for {training.Names[f]}, factor {f + 1} of {accuracies.Length}");
            var trees = new BoostedTrees(bins, training.FactorColumn(f), training.Sizes[f], options.Threads);
            trees.Fit(cancellationToken);
            accuracies[f] = trees.TestAccuracy(test.FactorColumn(f));
            for (int j = 0; j < training.Latent; j++) importances[j, f] = trees.Importances[j];
        }

        return new DciResult(OfRows(importances), OfRows(Transpose(importances)), accuracies);
    }

    /// <summary>
    /// Σ_i (ΣR_i/ΣR)·(1 − H(R_i)) over the rows of an importance matrix, with the entropy to the base of the number of columns; 1 if every
    /// row uses only one column.
    /// </summary>
    internal static double OfRows(double[,] importances)
    {
        int rows = importances.GetLength(0), columns = importances.GetLength(1);
        // With a single column, every row uses only that column.
        if (columns < 2) return 1;
        double all = 0, score = 0;
        foreach (double value in importances) all += value;
        for (int i = 0; i < rows; i++)
        {
            double row = 0, floored = 0, entropy = 0;
            for (int k = 0; k < columns; k++) (row, floored) = (row + importances[i, k], floored + importances[i, k] + Floor);
            for (int k = 0; k < columns; k++)
            {
                double part = (importances[i, k] + Floor) / floored;
                entropy -= part * ScalarMath.Log(part);
            }

            double weight = all > 0 ? row / all : 1.0 / rows;
            score += weight * (1 - (entropy / ScalarMath.Log(columns)));
        }

        return score;
    }

    private static double[,] Transpose(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int k = 0; k < matrix.GetLength(1); k++) transposed[k, i] = matrix[i, k];
        return transposed;
    }
}
