using VaeCluster.Evaluation.Scores.Solvers;

namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>
/// UDR (Duan et al. 2020): disentangled models with the same settings find the same dimensions whatever their seed. Two models are compared
/// by the similarity matrix of their informative dimensions: ½ of the mean over its columns plus ½ of the mean over its rows of max²/Σ. A
/// model's score is the median over the other models. No labels are needed.
/// </summary>
public static class UnsupervisedDisentanglementRanking
{
    /// <summary>Dimensions whose mean KL is at most this, in nats, are uninformative and ignored.</summary>
    public const double SmallestKl = 0.01;

    private const double Alpha = 0.1;

    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "udr", "unsupervised disentanglement ranking over seeds, with Lasso (Duan et al. 2020); needs several runs", "0 to 1")
    {
        NeedsSeveralRuns = true,
    };

    /// <summary>The name and properties of the variant with rank correlation.</summary>
    public static ScoreKind Spearman { get; } = new("udr-spearman", "UDR with rank correlation; needs several runs", "0 to 1")
    {
        NeedsSeveralRuns = true,
    };

    /// <summary>Measures the score.</summary>
    /// <param name="models">The codes of at least two models for the same examples, in the same order.</param>
    /// <param name="similarity">How dimensions are compared.</param>
    /// <returns>The score of each model.</returns>
    public static IReadOnlyList<double> Measure(IReadOnlyList<RankedCodes> models, RankingSimilarity similarity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models.Count, 2, nameof(models));
        double[][][] columns = [.. models.Select(Standardized)];
        var scores = new double[models.Count];
        for (int model = 0; model < scores.Length; model++)
        {
            IEnumerable<double> pairs = Enumerable.Range(0, models.Count).Where(other => other != model).Select(other =>
                Compare(Similarities(columns[other], columns[model], similarity), models[other].Kl, models[model].Kl));
            scores[model] = Median([.. pairs]);
        }

        return scores;
    }

    /// <summary>Similarity[dimension of the first, dimension of the second].</summary>
    internal static double[,] Similarities(double[][] first, double[][] second, RankingSimilarity similarity)
    {
        var matrix = new double[first.Length, second.Length];
        double[][] firstRanks = similarity == RankingSimilarity.Spearman ? [.. first.Select(column => Standardize(Ranks.Of(column)))] : [];
        for (int b = 0; b < second.Length; b++)
        {
            if (similarity == RankingSimilarity.Lasso)
            {
                double[] weights = Lasso.Fit(first, second[b], Alpha);
                for (int a = 0; a < first.Length; a++) matrix[a, b] = Math.Abs(weights[a]);
                continue;
            }

            double[] ranks = Standardize(Ranks.Of(second[b]));
            for (int a = 0; a < first.Length; a++) matrix[a, b] = Math.Abs(Correlation(firstRanks[a], ranks));
        }

        return matrix;
    }

    /// <summary>½[mean over columns of max²/Σ + mean over rows of max²/Σ] over the informative dimensions; 0 if there are none.</summary>
    internal static double Compare(double[,] similarities, IReadOnlyList<double> firstKl, IReadOnlyList<double> secondKl)
    {
        int[] rows = [.. Enumerable.Range(0, firstKl.Count).Where(a => firstKl[a] > SmallestKl)];
        int[] columns = [.. Enumerable.Range(0, secondKl.Count).Where(b => secondKl[b] > SmallestKl)];
        if (rows.Length == 0 || columns.Length == 0) return 0;
        double byColumn = columns.Average(b => Strength(rows.Select(a => similarities[a, b])));
        double byRow = rows.Average(a => Strength(columns.Select(b => similarities[a, b])));
        return (byColumn + byRow) / 2;
    }

    private static double Strength(IEnumerable<double> similarities)
    {
        double largest = 0, sum = 0;
        foreach (double similarity in similarities) (largest, sum) = (Math.Max(largest, similarity), sum + similarity);
        return sum > 0 ? largest * largest / sum : 0;
    }

    private static double[][] Standardized(RankedCodes model)
    {
        var columns = new double[model.Kl.Count][];
        for (int j = 0; j < columns.Length; j++)
        {
            var column = new double[model.Means.Length / columns.Length];
            for (int row = 0; row < column.Length; row++) column[row] = model.Means[(row * columns.Length) + j];
            columns[j] = Standardize(column);
        }

        return columns;
    }

    // To mean 0 and variance 1; a constant column becomes 0.
    private static double[] Standardize(double[] column)
    {
        double mean = column.Average(), squares = 0;
        foreach (double value in column) squares += (value - mean) * (value - mean);
        double deviation = Math.Sqrt(squares / column.Length);
        double scale = deviation > 0 ? 1 / deviation : 0;
        return [.. column.Select(value => (value - mean) * scale)];
    }

    private static double Correlation(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum / a.Length;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
