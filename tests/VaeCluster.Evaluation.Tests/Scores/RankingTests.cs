using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Scores.Ranking;

namespace VaeCluster.Evaluation.Tests.Scores;

public sealed class RankingTests
{
    private const int Examples = 500;

    [Fact]
    public void Models_that_differ_only_in_order_and_sign_of_their_dimensions_agree_fully()
    {
        RankedCodes model = Model(1, 3), mirrored = Map(model, (row, j) => (j == 1 ? -2 : 3) * row[(j + 1) % 3]);
        Assert.All(Measure(RankingSimilarity.Spearman, model, mirrored), score => Assert.InRange(score, 0.9, 1));
        // The penalty shrinks a coefficient of 1 to 0.9, the only nonzero one in its column.
        Assert.All(Measure(RankingSimilarity.Lasso, model, mirrored), score => Assert.Equal(0.9, score, 6));
    }

    [Theory]
    [InlineData(RankingSimilarity.Lasso)]
    [InlineData(RankingSimilarity.Spearman)]
    public void Unrelated_models_score_low(RankingSimilarity similarity) =>
        Assert.All(Measure(similarity, Model(1, 3), Model(2, 3)), score => Assert.InRange(score, 0, 0.1));

    [Fact]
    public void Rotated_models_score_lower_than_models_that_agree()
    {
        RankedCodes model = Model(1, 2), turned = Map(model, (row, j) => (0.8f * row[j]) + ((j == 0 ? 0.6f : -0.6f) * row[1 - j]));
        Assert.All(Measure(RankingSimilarity.Lasso, model, turned), score => Assert.InRange(score, 0.3, 0.6));
    }

    [Fact]
    public void Dimensions_with_little_kl_are_ignored()
    {
        // The collapsed dimensions contain only noise, which would lower the similarity.
        RankedCodes model = Model(1, 4), other = Model(2, 4);
        double[] kl = [1, 1, 0.01, 0.001];
        RankedCodes first = model with { Kl = kl };
        RankedCodes second = Map(model, (row, j) => j < 2 ? row[j] : other.Means[j]) with { Kl = kl };
        Assert.All(Measure(RankingSimilarity.Lasso, first, second), score => Assert.Equal(0.9, score, 6));
        Assert.Equal([0, 0], Measure(RankingSimilarity.Lasso, first with { Kl = [0, 0, 0, 0] }, second));
    }

    [Fact]
    public void A_model_that_agrees_with_no_other_ranks_last()
    {
        RankedCodes model = Model(1, 3);
        IReadOnlyList<double> scores =
            Measure(RankingSimilarity.Lasso, model, Map(model, (row, j) => row[2 - j]), Model(2, 3), Map(model, (row, j) => -row[j]));
        Assert.Equal(2, scores.ToList().IndexOf(scores.Min()));
        Assert.All(scores.Where((_, model) => model != 2), score => Assert.InRange(score, 0.85, 0.95));
    }

    private static IReadOnlyList<double> Measure(RankingSimilarity similarity, params RankedCodes[] models) =>
        UnsupervisedDisentanglementRanking.Measure(models, similarity);

    private static RankedCodes Model(uint salt, int latent)
    {
        var means = new float[Examples * latent];
        new RandomStream(5, RandomPurpose.LatentNoise, salt, 0).FillNormal(means);
        return new RankedCodes(means, [.. Enumerable.Repeat(1.0, latent)]);
    }

    private static RankedCodes Map(RankedCodes model, Func<float[], int, float> change)
    {
        int latent = model.Kl.Count;
        float[] means = [.. Enumerable.Range(0, Examples).SelectMany(i =>
        {
            float[] row = model.Means[(i * latent)..((i + 1) * latent)];
            return Enumerable.Range(0, latent).Select(j => change(row, j));
        })];
        return model with { Means = means };
    }
}
