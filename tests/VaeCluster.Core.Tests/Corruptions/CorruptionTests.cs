using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Corruptions;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Corruptions;

public sealed class CorruptionTests
{
    private static readonly ImageShape Large = new(1, 100, 100), Colour = new(3, 40, 50);

    [Theory]
    [InlineData("masking", 0.25, 0.25, 0.0)]
    [InlineData("masking", 0.9, 0.9, 0.0)]
    [InlineData("salt-pepper", 0.3, 0.15, 0.15)]
    public void The_amount_is_the_share_of_the_pixels_that_are_changed(string kind, double amount, double black, double white)
    {
        float[] seen = Apply(kind, amount, Large, [.. Enumerable.Repeat(0.5f, Large.Pixels)]);
        Assert.Equal(black, seen.Count(value => value == 0f) / (double)seen.Length, 0.02);
        Assert.Equal(white, seen.Count(value => value == 1f) / (double)seen.Length, 0.02);
        Assert.All(seen, value => Assert.Contains(value, new[] { 0f, 0.5f, 1f }));
    }

    [Fact]
    public void The_amount_is_the_standard_deviation_of_normal_noise()
    {
        float[] seen = Apply("gaussian", 0.4, Large, [.. Enumerable.Repeat(0.5f, Large.Pixels)]);
        double mean = seen.Average();
        Assert.Equal(0.5, mean, 0.02);
        Assert.Equal(0.4, Math.Sqrt(seen.Average(value => (value - mean) * (value - mean))), 0.02);
    }

    [Fact]
    public void A_pixel_is_changed_in_all_its_channels()
    {
        float[] seen = Apply("masking", 0.5, Colour, [.. Enumerable.Repeat(0.5f, Colour.Pixels)]);
        int area = Colour.Height * Colour.Width;
        for (int i = 0; i < area; i++) Assert.True(seen[i] == seen[area + i] && seen[i] == seen[(2 * area) + i]);
    }

    [Fact]
    public void What_is_drawn_depends_on_seed_step_and_example_alone()
    {
        float[] clean = [.. Enumerable.Repeat(0.5f, Large.Pixels)];
        foreach (string kind in new[] { "masking", "salt-pepper", "gaussian" })
        {
            float[] first = Apply(kind, 0.3, Large, clean);
            Assert.Equal(first, Apply(kind, 0.3, Large, clean));
            Assert.NotEqual(first, Apply(kind, 0.3, Large, clean, seed: 2));
            Assert.NotEqual(first, Apply(kind, 0.3, Large, clean, step: 2));
            Assert.NotEqual(first, Apply(kind, 0.3, Large, clean, example: 2));
        }
    }

    [Fact]
    public void An_amount_of_zero_changes_nothing() => Prop.ForAll(
        Gen.Choose(0, 255).ArrayOf(12).ToArbitrary(), bytes =>
        {
            float[] clean = [.. bytes.Select(value => value / 255f)];
            foreach (string kind in new[] { "masking", "salt-pepper", "gaussian" })
                Assert.Equal(clean, Apply(kind, 0, new ImageShape(1, 3, 4), clean));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_default_corrupts_nothing() => Assert.Null(Corruption.Create(new MemberSpec("none")));

    private static float[] Apply(string kind, double amount, ImageShape image, float[] clean, long seed = 1, int step = 1, int example = 1)
    {
        var seen = new float[image.Pixels];
        Corruption.Create(new MemberSpec(kind, new Dictionary<string, object> { ["amount"] = amount }))!
            .Apply(clean, image, seed, step, example, seen);
        return seen;
    }
}
