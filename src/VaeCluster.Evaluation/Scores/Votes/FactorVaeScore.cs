using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Votes;

/// <summary>
/// The FactorVAE score (Kim and Mnih 2018): in a batch of images that share one factor, the latent dimension that varies least (relative to
/// its variance over all data) should identify the factor. A majority vote over training batches maps dimensions to factors; the score is
/// the accuracy of this mapping on test batches. Dimensions with a standard deviation below 0.05 are ignored.
/// </summary>
public static class FactorVaeScore
{
    /// <summary>Dimensions with a smaller standard deviation over the data have collapsed to the prior.</summary>
    public const double SmallestDeviation = 0.05;

    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "factorvae", "FactorVAE score: the dimension that varies least identifies the fixed factor (Kim and Mnih 2018)", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Training, subject.Pool, subject.Options),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="sample">Codes of images with uniform factors, for the variances over the data.</param>
    /// <param name="pool">Codes from which batches are drawn.</param>
    /// <param name="options">Seed, counts and threads.</param>
    public static ScoreValue Measure(FactorCodes sample, FactorCodes pool, ScoreOptions options)
    {
        double[] variances = Variances(sample);
        int[] active = [.. Enumerable.Range(0, variances.Length).Where(j => Math.Sqrt(variances[j]) >= SmallestDeviation)];
        if (active.Length == 0) return Value(0, 0, 0);

        var groups = new FactorGroups(pool);
        int[,] training =
            Votes(ScoreStream.FactorVaeTraining, options.TrainingVotes), test = Votes(ScoreStream.FactorVaeTest, options.TestVotes);
        int[] majority = [.. Enumerable.Range(0, active.Length).Select(j => Majority(training, j))];
        return Value(Accuracy(test, majority), Accuracy(training, majority), active.Length);

        int[,] Votes(ScoreStream stream, int count)
        {
            var cast = new (int Factor, int Dimension)[count];
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, vote =>
            {
                var draws = new RandomSequence(new RandomStream(options.Seed, RandomPurpose.Score, (uint)stream, (uint)vote));
                cast[vote] = Vote(pool, groups, draws, options.VoteSize, active, variances);
            });
            var votes = new int[pool.Names.Count, active.Length];
            foreach ((int factor, int dimension) in cast) votes[factor, dimension]++;
            return votes;
        }
    }

    private static ScoreValue Value(double accuracy, double trainingAccuracy, int active) => new(accuracy)
    {
        Parts = new OrderedDictionary<string, double> { ["trainingAccuracy"] = trainingAccuracy, ["activeDimensions"] = active },
    };

    /// <summary>The fixed factor of one batch, and the index among the active dimensions of the one that varies least.</summary>
    private static (int Factor, int Dimension) Vote(
        FactorCodes pool, FactorGroups groups, RandomSequence draws, int size, int[] active, double[] variances)
    {
        int factor = draws.Below(pool.Names.Count);
        int[] rows = new int[size];
        rows[0] = draws.Below(pool.Count);
        ReadOnlySpan<int> group = groups.SharedWith(rows[0], factor);
        for (int i = 1; i < size; i++) rows[i] = group[draws.Below(group.Length)];

        int least = 0;
        double leastRatio = double.PositiveInfinity;
        for (int a = 0; a < active.Length; a++)
        {
            double ratio = Variance(pool, rows, active[a]) / variances[active[a]];
            if (ratio < leastRatio) (least, leastRatio) = (a, ratio);
        }

        return (factor, least);
    }

    private static double[] Variances(FactorCodes sample)
    {
        int[] rows = [.. Enumerable.Range(0, sample.Count)];
        return [.. Enumerable.Range(0, sample.Latent).Select(j => Variance(sample, rows, j))];
    }

    // The sample variance, with n − 1 in the denominator.
    private static double Variance(FactorCodes codes, int[] rows, int dimension)
    {
        double sum = 0, squares = 0;
        foreach (int row in rows) sum += codes.Code(row)[dimension];
        double mean = sum / rows.Length;
        foreach (int row in rows)
        {
            double difference = codes.Code(row)[dimension] - mean;
            squares += difference * difference;
        }

        return squares / (rows.Length - 1);
    }

    private static int Majority(int[,] votes, int dimension)
    {
        int best = 0;
        for (int factor = 1; factor < votes.GetLength(0); factor++)
            if (votes[factor, dimension] > votes[best, dimension]) best = factor;
        return best;
    }

    private static double Accuracy(int[,] votes, int[] majority)
    {
        int right = 0, all = 0;
        for (int factor = 0; factor < votes.GetLength(0); factor++)
        {
            for (int j = 0; j < majority.Length; j++)
            {
                all += votes[factor, j];
                if (majority[j] == factor) right += votes[factor, j];
            }
        }

        return (double)right / all;
    }
}
