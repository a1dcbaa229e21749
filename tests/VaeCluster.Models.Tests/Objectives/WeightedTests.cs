using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Tests.Objectives;

/// <summary>Objectives with importance weights: where they meet, and which gradient reaches encoder and decoder.</summary>
public sealed class WeightedTests
{
    [Fact]
    public void One_group_is_the_importance_weighted_bound_and_groups_of_one_sample_are_the_ELBO()
    {
        AssertSame(Iwae(4), new ObjectiveModel("miwae", ("samples", 4L), ("groups", 1L)), "");
        AssertSame(Elbo(4), new ObjectiveModel("miwae", ("samples", 1L), ("groups", 4L)), "");
    }

    [Fact]
    public void Between_ELBO_and_importance_weighted_bound_the_share_decides()
    {
        AssertSame(Iwae(4), new ObjectiveModel("ciwae", ("samples", 4L), ("share", 0.0)), "");
        AssertSame(Elbo(4), new ObjectiveModel("ciwae", ("samples", 4L), ("share", 1.0)), "");
        double both = (0.25 * Elbo(4).Loss()) + (0.75 * Iwae(4).Loss());
        Assert.Equal(both, new ObjectiveModel("ciwae", ("samples", 4L), ("share", 0.25)).Loss(), 1e-6);
    }

    [Fact]
    public void The_decoder_learns_from_all_samples_and_the_encoder_from_the_groups()
    {
        var partial = new ObjectiveModel("piwae", ("samples", 3L), ("groups", 2L));
        AssertSame(Iwae(6), partial, "decoder");
        AssertSame(new ObjectiveModel("miwae", ("samples", 3L), ("groups", 2L)), partial, "encoder", sameLoss: false);
    }

    [Fact]
    public void Doubly_reparameterised_the_loss_and_the_decoders_gradient_stay() => AssertSame(Iwae(5), Dreg(5), "decoder");

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Doubly_reparameterised_the_encoders_gradient_has_the_same_mean(long samples)
    {
        ObjectiveModel plain = Iwae(samples), doubly = Dreg(samples);
        ParameterSlice slice = plain.Model.Layout.Slices.Last(slice => slice.Name.StartsWith("encoder", StringComparison.Ordinal));
        const int Draws = 3000;
        var sums = new double[slice.Length];
        var squares = new double[slice.Length];
        for (uint draw = 0; draw < Draws; draw++)
        {
            double[] first = Gradient(plain, draw), second = Gradient(doubly, draw);
            for (int i = 0; i < slice.Length; i++)
            {
                double difference = second[slice.Offset + i] - first[slice.Offset + i];
                sums[i] += difference;
                squares[i] += difference * difference;
            }
        }

        // Within five standard errors of 0, and not the same number each time.
        for (int i = 0; i < slice.Length; i++)
        {
            double mean = sums[i] / Draws, error = Math.Sqrt(((squares[i] / Draws) - (mean * mean)) / Draws);
            Assert.True(error > 1e-9, $"element {i} does not vary");
            Assert.InRange(mean, -5 * error, 5 * error);
        }
    }

    private static ObjectiveModel Elbo(long samples) => new("vae", ("samples", samples), ("kl", "monte-carlo"));

    private static ObjectiveModel Iwae(long samples) => new("iwae", ("samples", samples));

    private static ObjectiveModel Dreg(long samples) => new("iwae", ("samples", samples), ("estimator", "dreg"));

    private static double[] Gradient(ObjectiveModel model, uint draw)
    {
        model.Draw(draw);
        model.Loss();
        return model.Training.Backward();
    }

    private static void AssertSame(ObjectiveModel expected, ObjectiveModel actual, string part, bool sameLoss = true)
    {
        double loss = expected.Loss();
        if (sameLoss) Assert.Equal(loss, actual.Loss(), 1e-6);
        else actual.Loss();
        double[] gradient = expected.Training.Backward(), found = actual.Training.Backward();
        foreach (ParameterSlice slice in expected.Model.Layout.Slices.Where(slice => slice.Name.StartsWith(part, StringComparison.Ordinal)))
        {
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++) Assert.Equal(gradient[i], found[i], 1e-6);
        }
    }
}
