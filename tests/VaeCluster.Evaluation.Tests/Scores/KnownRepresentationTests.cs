using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Deviations;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Information;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Evaluation.Scores.Votes;

namespace VaeCluster.Evaluation.Tests.Scores;

/// <summary>Representations whose scores are known: copied factors, rotated factors, and noise.</summary>
public sealed class KnownRepresentationTests
{
    private static readonly ScoreOptions Options = new() { TrainingVotes = 2000, TestVotes = 1000, Threads = 2 };

    private static readonly FactorCodes Copied = Grids.Copied(dead: 2, repeats: 20);
    private static readonly FactorCodes Rotated = Grids.Rotated(repeats: 20);
    private static readonly FactorCodes Noise = Grids.Noise(repeats: 40);

    [Fact]
    public void Copied_factors_get_the_best_scores()
    {
        Assert.Equal(1, MutualInformationGap.Measure(Copied).Value, 12);
        // The two constant dimensions count as not modular.
        Assert.Equal(3.0 / 5, Modularity.Measure(Copied).Value, 12);
        Assert.Equal(1, FactorVaeScore.Measure(Copied, Copied, Options).Value);
        Assert.InRange(BetaVaeScore.Measure(Copied, Options).Value, 0.99, 1);
        DciResult dci = DciScores.Measure(Copied, Copied, Options);
        Assert.Equal(1, dci.Disentanglement, 1e-9);
        Assert.Equal(1, dci.Completeness, 1e-9);
        Assert.Equal(1, dci.Informativeness);
        Assert.Equal(1, InterventionalRobustness.Measure(Copied).Value, 1e-6);
        Assert.Equal(1, SeparatedAttributePredictability.MeasureContinuous(Copied).Value, 1e-6);
    }

    [Fact]
    public void A_linearly_separable_factor_gets_a_high_sap()
    {
        // One-vs-rest linear classifiers separate the outer two of three values on a line. Shape has three values, so a copied shape
        // gains at least 2/3 minus the chance level 1/3.
        ScoreValue sap = SeparatedAttributePredictability.Measure(Copied, Copied, 2);
        Assert.InRange(sap.Parts["shape"], 1.0 / 3, 1);
        Assert.InRange(SeparatedAttributePredictability.Measure(Noise, Grids.Noise(20, seed: 2), 2).Value, 0, 0.03);
    }

    [Fact]
    public void Rotated_factors_score_lower_than_copied_ones()
    {
        Assert.InRange(MutualInformationGap.Measure(Rotated).Value, 0, 0.4);
        Assert.InRange(Modularity.Measure(Rotated).Value, 0, 0.95);
        Assert.InRange(DciScores.Measure(Rotated, Rotated, Options).Disentanglement, 0, 0.5);
        Assert.InRange(InterventionalRobustness.Measure(Rotated).Value, 0, 0.6);
        Assert.InRange(SeparatedAttributePredictability.MeasureContinuous(Rotated).Value, 0, 0.4);
        // A linear classifier on all dimensions is invariant to rotation.
        Assert.InRange(Explicitness.Measure(Rotated, Rotated, Options).Value, 0.95, 1);
    }

    [Fact]
    public void Noise_scores_at_chance_level()
    {
        FactorCodes other = Grids.Noise(repeats: 20, seed: 2);
        Assert.InRange(MutualInformationGap.Measure(Noise).Value, 0, 0.02);
        // Three factors: a random guess is right one time in three.
        Assert.InRange(FactorVaeScore.Measure(Noise, Noise, Options).Value, 0.25, 0.45);
        Assert.InRange(BetaVaeScore.Measure(Noise, Options).Value, 0.25, 0.45);
        DciResult dci = DciScores.Measure(Noise, other, Options);
        Assert.InRange(dci.Disentanglement, 0, 0.05);
        Assert.InRange(dci.Informativeness, 0.2, 0.32); // chance: 1/3, 1/4, 1/5
        Assert.InRange(Explicitness.Measure(Noise, other, Options).Value, 0.45, 0.55);
    }

    [Fact]
    public void Codes_viewed_in_the_wrong_memory_order_score_near_zero()
    {
        // A bug seen in other code: [M, n] viewed as [n, M] instead of transposed gave a MIG of 0.0008 instead of 0.5.
        FactorCodes half = Grids.Change(Grids.Copied(repeats: 20), 4, (i, row) =>
        {
            ReadOnlySpan<float> code = Grids.Copied().Code(i % 60);
            (row[0], row[1], row[2], row[3]) = (code[0], code[1], code[2], code[2] + (0.5f * code[1]));
        });
        double right = MutualInformationGap.Measure(half).Value;
        float[] transposed = [.. Enumerable.Range(0, 4).SelectMany(half.CodeColumn)];
        FactorCodes viewed = Grids.Change(half, 4, (i, row) => transposed.AsSpan(4 * i, 4).CopyTo(row));
        Assert.InRange(right, 0.4, 0.8);
        Assert.InRange(MutualInformationGap.Measure(viewed).Value, 0, 0.02);
    }

    [Fact]
    public void Collapsed_dimensions_do_not_vote_and_are_not_active()
    {
        // A bug seen in other code: the number of active dimensions was the length of their mask.
        FactorCodes withDead = Grids.Copied(dead: 7, repeats: 2);
        ScoreValue score = FactorVaeScore.Measure(withDead, withDead, Options);
        Assert.Equal(1, score.Value);
        Assert.Equal(3, score.Parts["activeDimensions"]);

        // Not constant but small: follows shape with a standard deviation of about 0.04.
        FactorCodes small = Grids.Change(Grids.Copied(), 1, (i, row) => row[0] = 0.04f * Grids.Copied().Code(i)[0]);
        ScoreValue nothing = FactorVaeScore.Measure(small, small, Options);
        Assert.Equal((0, 0), (nothing.Value, nothing.Parts["activeDimensions"]));
    }

    [Fact]
    public void A_single_dimension_and_a_constant_one_are_scored_without_errors()
    {
        FactorCodes one = Grids.Permute(Copied, [0]), constant = Grids.Permute(Copied, [3]);
        Assert.Equal(1.0 / 3, MutualInformationGap.Measure(one).Value, 12);
        Assert.Equal(0, MutualInformationGap.Measure(constant).Value);
        Assert.Equal(0, InterventionalRobustness.Measure(constant).Value);
        Assert.InRange(SeparatedAttributePredictability.Measure(constant, constant, 1).Value, 0, 1);
        DciResult dci = DciScores.Measure(constant, constant, Options);
        Assert.Equal((0.0, 1.0), (Math.Round(dci.Disentanglement, 9), dci.Completeness));
        Assert.InRange(BetaVaeScore.Measure(constant, Options).Value, 0.2, 0.45);
        Assert.Equal(0.5, Explicitness.Measure(constant, constant, Options).Value);
    }
}
