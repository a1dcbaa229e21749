using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Tests.Figures;

public class FigureTests
{
    private static readonly ImageGridOptions Bare = new() { Gap = 0, MinTile = 1 };

    [Fact]
    public void A_traversal_moves_one_dimension_a_row_in_the_order_asked_for()
    {
        float[] center = [1f, -1f, 0.5f];
        Raster raster = Traversals.Render(
            new MirrorModel(3), [2, 0], new TraversalsOptions { Center = center, From = -2f, To = 2f, Steps = 3, Grid = Bare });
        Assert.Equal((9, 2), (raster.Width, raster.Height));
        Assert.Equal(Grey(1f, -1f, -2f, 1f, -1f, 0f, 1f, -1f, 2f), raster.Row(0).ToArray());
        Assert.Equal(Grey(-2f, -1f, 0.5f, 0f, -1f, 0.5f, 2f, -1f, 0.5f), raster.Row(1).ToArray());
    }

    [Fact]
    public void A_traversal_without_centre_rests_at_the_priors_mean()
    {
        Raster raster = Traversals.Render(new MirrorModel(2), [0], new TraversalsOptions { Steps = 11, Grid = Bare });
        Assert.Equal(Grey(0f, 0f), raster.Row(0).Slice(10, 2).ToArray());
        Assert.Equal(Grey(-3f, 0f), raster.Row(0)[..2].ToArray());
        Assert.Equal(Grey(3f, 0f), raster.Row(0)[^2..].ToArray());
    }

    [Fact]
    public void Dimensions_come_by_their_kl_highest_first_and_ties_keep_their_order() =>
        Assert.Equal([3, 1, 0, 2, 4], Traversals.OrderByKl([0.5, 2.0, 0.5, 7.0, double.NaN]));

    [Fact]
    public void A_centre_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => Traversals.Render(new MirrorModel(2), [0], new TraversalsOptions { Center = [0f] }));

    [Fact]
    public void Reconstructions_lie_below_their_inputs_row_by_row()
    {
        float[] images = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f];
        Raster raster = Reconstructions.Render(new HalvingModel(), images, new ReconstructionsOptions { Columns = 4, Grid = Bare });
        Assert.Equal((4, 4), (raster.Width, raster.Height));
        Assert.Equal(Bytes(0.1f, 0.2f, 0.3f, 0.4f), raster.Row(0).ToArray());
        Assert.Equal(Bytes(0.05f, 0.1f, 0.15f, 0.2f), raster.Row(1).ToArray());
        Assert.Equal(Bytes(0.5f, 0.6f), raster.Row(2)[..2].ToArray());
        Assert.Equal(Bytes(0.25f, 0.3f), raster.Row(3)[..2].ToArray());
        Assert.Equal(128, raster.Row(2)[2]);
    }

    [Fact]
    public void An_interpolation_runs_from_input_to_input_along_the_straight_line_between_their_means()
    {
        float[] images = [MirrorModel.Shown(-2f), MirrorModel.Shown(2f), MirrorModel.Shown(1f), MirrorModel.Shown(0f)];
        Raster raster = Interpolations.Render(new MirrorModel(1), images, new InterpolationsOptions { Steps = 3, Grid = Bare });
        Assert.Equal((5, 2), (raster.Width, raster.Height));
        Assert.Equal(Grey(-2f, -2f, 0f, 2f, 2f), raster.Row(0).ToArray());
        Assert.Equal(Grey(1f, 1f, 0.5f, 0f, 0f), raster.Row(1).ToArray());
    }

    [Fact]
    public void An_interpolation_without_a_partner_is_refused() =>
        Assert.Throws<ArgumentException>(() => Interpolations.Render(new MirrorModel(1), [0f, 0f, 0f], new InterpolationsOptions()));

    [Fact]
    public void The_manifold_runs_over_the_priors_quantiles_second_latent_upwards()
    {
        Raster raster = Manifold.Render(new MirrorModel(2), new ManifoldOptions { Side = 3, Grid = Bare });
        float q = (float)NormalDistribution.Quantile(1.0 / 6);
        Assert.Equal(Grey(q, -q, 0f, -q, -q, -q), raster.Row(0).ToArray());
        Assert.Equal(Grey(q, q, 0f, q, -q, q), raster.Row(2).ToArray());
    }

    [Fact]
    public void A_manifold_of_other_than_two_latents_is_one_clear_line()
    {
        var error = Assert.Throws<BadInputException>(() => Manifold.Render(new MirrorModel(3), new ManifoldOptions()));
        Assert.Equal("manifold: model.latent is '3': the plane is drawn for 2 latents; use traverse for any other number", error.Message);
    }

    [Fact]
    public void Samples_depend_on_the_seed_and_not_on_how_many_are_drawn()
    {
        float[] few = PriorSamples.Draw(3, 5, seed: 7);
        float[] many = PriorSamples.Draw(9, 5, seed: 7);
        Assert.Equal(few, many[..15]);
        Assert.NotEqual(few, PriorSamples.Draw(3, 5, seed: 8));
        Raster raster = PriorSamples.Render(new MirrorModel(5), new PriorSamplesOptions { Rows = 1, Columns = 3, Seed = 7, Grid = Bare });
        Assert.Equal(Grey(few), raster.Row(0).ToArray());
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.9999, 3.719016485455709)]
    public void Quantiles_match_the_table(double p, double expected) => Assert.Equal(expected, NormalDistribution.Quantile(p), 7);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_quantile_takes_a_probability(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(p));

    private static byte[] Grey(params float[] latents) => Bytes([.. latents.Select(MirrorModel.Shown)]);

    private static byte[] Bytes(params float[] values) => [.. values.Select(value => (byte)MathF.Floor((Math.Clamp(value, 0f, 1f) * 255f) + 0.5f))];

    private sealed class HalvingModel : Evaluation.Runners.ILatentModel
    {
        public ImageShape Image => new(1, 1, 1);

        public int Latent => 1;

        public void Encode(ReadOnlySpan<float> images, Span<float> means, Span<float> logVariances) => images.CopyTo(means);

        public void Decode(ReadOnlySpan<float> latents, Span<float> images)
        {
            for (int i = 0; i < latents.Length; i++) images[i] = latents[i] / 2f;
        }
    }
}
