using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Information;

/// <summary>
/// Modularity (Ridgeway and Mozer 2018): whether each latent dimension depends on a single factor,
/// 1 − (Σ_f m² − max m²) / (max m²·(F − 1)) for its mutual information m with each factor. The score is the mean over dimensions; a
/// dimension that depends on no factor has 0.
/// </summary>
public static class Modularity
{
    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "modularity", "modularity: each dimension depends on one factor (Ridgeway and Mozer 2018)", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="sample">Codes of images with uniform factors, at least two.</param>
    public static ScoreValue Measure(FactorCodes sample)
    {
        double[,] information = MutualInformation.Matrix(sample);
        int factors = sample.Names.Count;
        double total = 0;
        for (int j = 0; j < sample.Latent; j++)
        {
            double sum = 0, largest = 0;
            for (int f = 0; f < factors; f++)
            {
                double square = information[j, f] * information[j, f];
                sum += square;
                largest = Math.Max(largest, square);
            }

            if (largest > 0) total += 1 - ((sum - largest) / (largest * (factors - 1)));
        }

        return new ScoreValue(total / sample.Latent);
    }
}
