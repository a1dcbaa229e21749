using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Tests.Runners;

public sealed class LatentMixtureTests
{
    private const int Count = 20_000;

    [Fact]
    public void Draws_have_the_weights_means_and_deviations_of_the_components()
    {
        // Two narrow Gaussians far apart; the second has three times the weight.
        var mixture = new LatentMixture([-10, 0, 10, 5], [0, 0, MathF.Log(4), MathF.Log(0.25f)], [0, MathF.Log(3)]);
        float[] draws = PriorSamples.Draw(Count, 2, seed: 3, mixture);
        (float X, float Y)[] points = [.. draws.Chunk(2).Select(point => (point[0], point[1]))];
        (float X, float Y)[] second = [.. points.Where(point => point.X > 0)];
        Assert.InRange((double)second.Length / Count, 0.74, 0.76);
        Assert.Equal(10, second.Average(point => point.X), 0.1);
        Assert.Equal(5, second.Average(point => point.Y), 0.05);
        Assert.Equal(4, second.Average(point => (point.X - 10) * (point.X - 10)), 0.2);
        Assert.Equal(0.25, second.Average(point => (point.Y - 5) * (point.Y - 5)), 0.02);
        Assert.Equal(-10, points.Where(point => point.X < 0).Average(point => point.X), 0.1);
    }

    [Fact]
    public void A_draw_depends_on_its_index_and_the_seed_alone()
    {
        var mixture = new LatentMixture([1, 2, 3], [0, 0, 0], []);
        Assert.Equal(PriorSamples.Draw(3, 1, 7, mixture), PriorSamples.Draw(9, 1, 7, mixture)[..3]);
        Assert.NotEqual(PriorSamples.Draw(3, 1, 7, mixture), PriorSamples.Draw(3, 1, 8, mixture));
    }

    [Fact]
    public void One_component_N_0_I_draws_what_the_standard_prior_draws() =>
        Assert.Equal(PriorSamples.Draw(5, 4, 1), PriorSamples.Draw(5, 4, 1, new LatentMixture([0, 0, 0, 0], [0, 0, 0, 0], [0])));
}
