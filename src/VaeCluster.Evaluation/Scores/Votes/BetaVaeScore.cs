using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Solvers;

namespace VaeCluster.Evaluation.Scores.Votes;

/// <summary>
/// The β-VAE score (Higgins et al. 2017): in a batch, the two images of each pair share one factor; a linear classifier predicts the factor
/// from the mean absolute difference of the codes. The score is its accuracy on test batches.
/// </summary>
public static class BetaVaeScore
{
    /// <summary>The score's name and properties.</summary>
    public static ScoreKind Kind { get; } = new(
        "betavae", "β-VAE score: a linear classifier predicts the factor that pairs share (Higgins et al. 2017)", "0 to 1")
    {
        NeedsFactors = true,
        Measure = subject => Measure(subject.Pool, subject.Options),
    };

    /// <summary>Measures the score.</summary>
    /// <param name="pool">Codes from which batches are drawn.</param>
    /// <param name="options">Seed, counts and threads.</param>
    public static ScoreValue Measure(FactorCodes pool, ScoreOptions options)
    {
        var groups = new FactorGroups(pool);
        (double[] features, int[] factors) = Points(ScoreStream.BetaVaeTraining, options.TrainingVotes);
        MultinomialRegression classifier = MultinomialRegression.Fit(features, factors, pool.Names.Count, options.Threads);
        double training = classifier.Accuracy(features, factors);
        (features, factors) = Points(ScoreStream.BetaVaeTest, options.TestVotes);
        return new ScoreValue(classifier.Accuracy(features, factors))
        {
            Parts = new OrderedDictionary<string, double> { ["trainingAccuracy"] = training },
        };

        (double[] Features, int[] Factors) Points(ScoreStream stream, int count)
        {
            var features = new double[count * pool.Latent];
            var factors = new int[count];
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, point =>
            {
                var draws = new RandomSequence(new RandomStream(options.Seed, RandomPurpose.Score, (uint)stream, (uint)point));
                factors[point] = draws.Below(pool.Names.Count);
                Span<double> differences = features.AsSpan(point * pool.Latent, pool.Latent);
                Differences(pool, groups, factors[point], draws, options.VoteSize, differences);
            });
            return (features, factors);
        }
    }

    private static void Differences(FactorCodes pool, FactorGroups groups, int factor, RandomSequence draws, int pairs, Span<double> mean)
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            int first = draws.Below(pool.Count);
            ReadOnlySpan<int> group = groups.SharedWith(first, factor);
            ReadOnlySpan<float> a = pool.Code(first), b = pool.Code(group[draws.Below(group.Length)]);
            for (int j = 0; j < mean.Length; j++) mean[j] += Math.Abs((double)a[j] - b[j]);
        }

        for (int j = 0; j < mean.Length; j++) mean[j] /= pairs;
    }
}
