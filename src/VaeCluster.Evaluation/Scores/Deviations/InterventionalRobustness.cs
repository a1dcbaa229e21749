using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Deviations;

/// <summary>
/// IRS (Suter et al. 2019): how little a latent dimension changes, relative to its largest deviation, while one factor is fixed and the
/// others vary: 1 − (mean over that factor's values of the 99 % quantile of |z − E[z|value]|) / max |z − E[z]|, for the best factor. The
/// score is the mean over dimensions, weighted by their largest deviation.
/// </summary>
public static class InterventionalRobustness
{
    private const double Quantile = 0.99;

    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "irs", "interventional robustness: a dimension stays constant while its factor is fixed (Suter et al. 2019)", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="sample">Codes of images with uniform factors.</param>
    public static ScoreValue Measure(FactorCodes sample)
    {
        var groups = Enumerable.Range(0, sample.Names.Count)
            .Select(f => sample.FactorColumn(f).Select((value, row) => (value, row)).GroupBy(pair => pair.value, pair => pair.row)
                .OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray())
            .ToArray();
        double weighted = 0, weights = 0;
        for (int j = 0; j < sample.Latent; j++)
        {
            float[] codes = sample.CodeColumn(j);
            double largest = Deviations(codes, [.. Enumerable.Range(0, codes.Length)])[^1];
            if (largest == 0) continue;
            double best = groups.Max(values => 1 - (values.Average(rows => At(Deviations(codes, rows), Quantile)) / largest));
            weighted += largest * best;
            weights += largest;
        }

        return new ScoreValue(weights > 0 ? weighted / weights : 0);
    }

    // Sorted |z − mean| of some rows.
    private static double[] Deviations(float[] codes, int[] rows)
    {
        double mean = 0;
        foreach (int row in rows) mean += codes[row];
        mean /= rows.Length;
        var deviations = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++) deviations[i] = Math.Abs(codes[rows[i]] - mean);
        Array.Sort(deviations);
        return deviations;
    }

    // Linear interpolation between sorted values.
    private static double At(double[] sorted, double quantile)
    {
        double place = quantile * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
