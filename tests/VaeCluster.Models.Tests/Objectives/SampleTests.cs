namespace VaeCluster.Models.Tests.Objectives;

/// <summary>Objectives with several samples of z.</summary>
public sealed class SampleTests
{
    private static readonly (string, object) MonteCarlo = ("kl", "monte-carlo");

    [Fact]
    public void Closed_form_and_Monte_Carlo_KL_agree_in_expectation()
    {
        // The difference of the two losses with the same noise, over 300 draws of 8 samples: within four standard errors of 0, but not
        // always 0.
        var closed = new ObjectiveModel("vae", ("samples", 8L));
        var estimated = new ObjectiveModel("vae", ("samples", 8L), MonteCarlo);
        const int Draws = 300;
        double sum = 0, squares = 0;
        for (uint draw = 0; draw < Draws; draw++)
        {
            closed.Draw(draw);
            estimated.Draw(draw);
            double difference = estimated.Loss() - closed.Loss();
            sum += difference;
            squares += difference * difference;
        }

        double mean = sum / Draws, error = Math.Sqrt(((squares / Draws) - (mean * mean)) / Draws);
        Assert.InRange(error, 1e-6, closed.Sum("kl") / 10);
        Assert.InRange(mean, -4 * error, 4 * error);
    }

    [Fact]
    public void The_loss_of_several_samples_is_the_mean_of_their_losses()
    {
        var both = new ObjectiveModel("vae", ("samples", 2L), MonteCarlo);
        double expected = 0;
        var one = new ObjectiveModel("vae", MonteCarlo);
        for (int sample = 0; sample < 2; sample++)
        {
            for (int i = 0; i < ObjectiveModel.Examples; i++)
            {
                both.Training.Input("noise").Slice(((2 * i) + sample) * ObjectiveModel.Latent, ObjectiveModel.Latent)
                    .CopyTo(one.Training.Input("noise")[(i * ObjectiveModel.Latent)..]);
            }

            expected += one.Loss() / 2;
        }

        Assert.Equal(expected, both.Loss(), 1e-6);
    }

    [Theory]
    [InlineData("vae")]
    [InlineData("iwae")]
    public void The_reported_terms_do_not_depend_on_the_number_of_samples(string kind)
    {
        var one = new ObjectiveModel("vae");
        var many = new ObjectiveModel(kind, ("samples", 7L));
        one.Loss();
        many.Loss();
        Assert.Equal(one.Sum("reconstruction"), many.Sum("reconstruction"), 1e-9);
        Assert.Equal(one.Sum("kl"), many.Sum("kl"), 1e-9);
    }

    [Fact]
    public void One_importance_sample_gives_the_ELBO_with_an_estimated_KL() =>
        Assert.Equal(new ObjectiveModel("vae", MonteCarlo).Loss(), new ObjectiveModel("iwae", ("samples", 1L)).Loss(), 1e-9);

    [Fact]
    public void The_importance_weighted_loss_is_minus_the_logarithm_of_the_mean_weight()
    {
        var three = new ObjectiveModel("iwae", ("samples", 3L));
        var one = new ObjectiveModel("iwae", ("samples", 1L));
        var weights = new double[ObjectiveModel.Examples];
        for (int sample = 0; sample < 3; sample++)
        {
            for (int i = 0; i < ObjectiveModel.Examples; i++)
            {
                three.Training.Input("noise").Slice(((3 * i) + sample) * ObjectiveModel.Latent, ObjectiveModel.Latent)
                    .CopyTo(one.Training.Input("noise")[(i * ObjectiveModel.Latent)..]);
            }

            one.Loss();
            for (int i = 0; i < weights.Length; i++) weights[i] += Math.Exp(-one.Training.Output("loss")[i]) / 3;
        }

        Assert.Equal(-weights.Sum(Math.Log), three.Loss(), 1e-6);
    }
}
