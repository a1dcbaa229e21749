using VaeCluster.Core;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Tests.Figures;

public class FigureTests
{
    private static readonly ImageGridOptions Bare = new() { Gap = 0, MinTile = 1 };

    [Fact]
    public void A_traversal_varies_one_dimension_per_row_in_the_given_order()
    {
        float[] center = [1f, -1f, 0.5f];
        Raster raster = Traversals.Render(
            new MirrorModel(3), [2, 0], new TraversalsOptions { Center = center, From = -2f, To = 2f, Steps = 3, Grid = Bare });
        Assert.Equal((9, 2), (raster.Width, raster.Height));
        Assert.Equal(Grey(1f, -1f, -2f, 1f, -1f, 0f, 1f, -1f, 2f), raster.Row(0).ToArray());
        Assert.Equal(Grey(-2f, -1f, 0.5f, 0f, -1f, 0.5f, 2f, -1f, 0.5f), raster.Row(1).ToArray());
    }

    [Fact]
    public void A_traversal_without_a_centre_uses_the_prior_mean()
    {
        Raster raster = Traversals.Render(new MirrorModel(2), [0], new TraversalsOptions { Steps = 11, Grid = Bare });
        Assert.Equal(Grey(0f, 0f), raster.Row(0).Slice(10, 2).ToArray());
        Assert.Equal(Grey(-3f, 0f), raster.Row(0)[..2].ToArray());
        Assert.Equal(Grey(3f, 0f), raster.Row(0)[^2..].ToArray());
    }

    [Fact]
    public void Dimensions_are_sorted_by_descending_kl_and_ties_keep_their_order() =>
        Assert.Equal([3, 1, 0, 2, 4], Traversals.OrderByKl([0.5, 2.0, 0.5, 7.0, double.NaN]));

    [Fact]
    public void A_centre_of_the_wrong_length_is_rejected() =>
        Assert.Throws<ArgumentException>(() => Traversals.Render(new MirrorModel(2), [0], new TraversalsOptions { Center = [0f] }));

    [Fact]
    public void Each_row_of_reconstructions_is_below_its_inputs()
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
    public void An_interpolation_is_linear_between_the_means_of_two_inputs()
    {
        float[] images = [MirrorModel.Shown(-2f), MirrorModel.Shown(2f), MirrorModel.Shown(1f), MirrorModel.Shown(0f)];
        Raster raster = Interpolations.Render(new MirrorModel(1), images, new InterpolationsOptions { Steps = 3, Grid = Bare });
        Assert.Equal((5, 2), (raster.Width, raster.Height));
        Assert.Equal(Grey(-2f, -2f, 0f, 2f, 2f), raster.Row(0).ToArray());
        Assert.Equal(Grey(1f, 1f, 0.5f, 0f, 0f), raster.Row(1).ToArray());
    }

    [Fact]
    public void An_interpolation_of_an_odd_number_of_images_is_rejected() =>
        Assert.Throws<ArgumentException>(() => Interpolations.Render(new MirrorModel(1), [0f, 0f, 0f], new InterpolationsOptions()));

    [Fact]
    public void The_manifold_covers_the_prior_quantiles_with_the_second_latent_upwards()
    {
        Raster raster = Manifold.Render(new MirrorModel(2), new ManifoldOptions { Side = 3, Grid = Bare });
        float q = (float)NormalDistribution.Quantile(1.0 / 6);
        Assert.Equal(Grey(q, -q, 0f, -q, -q, -q), raster.Row(0).ToArray());
        Assert.Equal(Grey(q, q, 0f, q, -q, q), raster.Row(2).ToArray());
    }

    [Fact]
    public void A_manifold_of_three_latents_is_rejected_with_a_clear_message()
    {
        var error = Assert.Throws<BadInputException>(() => Manifold.Render(new MirrorModel(3), new ManifoldOptions()));
        Assert.Equal("manifold: model.latent is '3': a manifold needs exactly 2 latents; use traverse for other models", error.Message);
    }

    [Fact]
    public void Samples_depend_on_the_seed_but_not_on_their_number()
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
    public void Quantiles_match_tabulated_values(double p, double expected) => Assert.Equal(expected, NormalDistribution.Quantile(p), 7);

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_probability_outside_the_open_unit_interval_is_rejected(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(p));

    private static byte[] Grey(params float[] latents) => Bytes([.. latents.Select(MirrorModel.Shown)]);

    private static byte[] Bytes(params float[] values) =>
        [.. values.Select(value => (byte)MathF.Floor((Math.Clamp(value, 0f, 1f) * 255f) + 0.5f))];

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
