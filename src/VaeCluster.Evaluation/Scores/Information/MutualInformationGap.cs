using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Information;

/// <summary>
/// MIG (Chen et al. 2018): for each factor, the difference in mutual information between the best and the second-best latent dimension,
/// divided by the factor's entropy. The score is the mean over factors.
/// </summary>
public static class MutualInformationGap
{
    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new("mig", "mutual information gap (Chen et al. 2018); by factor", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="sample">Codes of images with uniform factors.</param>
    /// <returns>The mean, with each factor's gap as parts.</returns>
    public static ScoreValue Measure(FactorCodes sample)
    {
        double[,] information = MutualInformation.Matrix(sample);
        var gaps = new double[sample.Names.Count];
        for (int f = 0; f < gaps.Length; f++)
        {
            double best = 0, second = 0;
            for (int j = 0; j < sample.Latent; j++)
            {
                double value = information[j, f];
                if (value > best) (best, second) = (value, best);
                else second = Math.Max(second, value);
            }

            double entropy = MutualInformation.Entropy(sample.FactorColumn(f), sample.Sizes[f]);
            // A factor with a single value in the sample has no entropy.
            gaps[f] = entropy > 0 ? (best - second) / entropy : 0;
        }

        return new ScoreValue(gaps.Average()) { Parts = sample.ByFactor(gaps) };
    }
}
