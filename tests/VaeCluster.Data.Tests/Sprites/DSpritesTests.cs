using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Sprites;

namespace VaeCluster.Data.Tests.Sprites;

public sealed class DSpritesTests
{
    private const int Pixels = 64 * 64;

    private static readonly DSprites Full = new([1, 1, 1, 1, 1]);

    [Fact]
    public void The_full_set_has_every_combination()
    {
        Assert.Equal(737_280, Full.Count);
        Assert.Equal(["shape", "scale", "orientation", "x", "y"], Full.FactorNames);
        Assert.Equal([3, 6, 40, 32, 32], Full.FactorSizes);
    }

    [Theory]
    [InlineData(0, new[] { 100, 144, 196, 256, 324, 400 })]
    [InlineData(1, new[] { 76, 104, 144, 184, 228, 288 })]
    [InlineData(2, new[] { 58, 84, 108, 140, 182, 222 })]
    public void Upright_sprites_have_the_same_areas_as_the_official_images(int shape, int[] areas)
    {
        float[] pixels = new float[Pixels];
        for (int scale = 0; scale < areas.Length; scale++)
        {
            Full.Read(Full.IndexOf([shape, scale, 0, 0, 0]), pixels);
            Assert.Equal(areas[scale], pixels.Count(pixel => pixel == 1));
            Assert.Equal(Pixels - areas[scale], pixels.Count(pixel => pixel == 0));
        }
    }

    [Fact]
    public void Drawing_the_bounding_box_matches_the_definition_pixel_for_pixel()
    {
        float[] pixels = new float[Pixels];
        // The step is coprime to the factor sizes, so every value of every factor is visited.
        for (int index = 0; index < Full.Count; index += 4_099)
        {
            Full.Read(index, pixels);
            SpritePose pose = PoseOf(index);
            for (int i = 0; i < Pixels; i++)
            {
                if (pixels[i] == 1 != PlainSprites.IsInside(pose, i % 64, i / 64))
                    Assert.Fail($"{pose}: pixel ({i % 64}, {i / 64}) is {pixels[i]}");
            }
        }
    }

    [Fact]
    public void Index_and_factors_are_inverse_on_any_grid()
    {
        var strides = from shape in Gen.Choose(1, 4)
                      from scale in Gen.Choose(1, 7)
                      from orientation in Gen.Choose(1, 41)
                      from x in Gen.Choose(1, 33)
                      from y in Gen.Choose(1, 33)
                      from draw in Gen.Choose(0, int.MaxValue - 1)
                      select (Strides: new[] { shape, scale, orientation, x, y }, Draw: draw);
        Check.QuickThrowOnFailure(Prop.ForAll(strides.ToArbitrary(), sample =>
        {
            var grid = new DSprites(sample.Strides);
            int index = sample.Draw % grid.Count;
            int[] factors = new int[5];
            grid.Factors(index, factors);
            return grid.IndexOf(factors) == index
                && factors.Zip(grid.FactorSizes).All(pair => pair.First >= 0 && pair.First < pair.Second);
        }));
    }

    [Fact]
    public void A_grid_takes_every_nth_value()
    {
        var grid = new DSprites([2, 3, 13, 31, 8]);
        Assert.Equal([2, 2, 4, 2, 4], grid.FactorSizes);
        float[] expected = new float[Pixels], actual = new float[Pixels];
        Full.Read(Full.IndexOf([2, 3, 26, 31, 16]), expected);
        grid.Read(grid.IndexOf([1, 1, 2, 1, 2]), actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_last_orientation_repeats_the_first()
    {
        float[] first = new float[Pixels], last = new float[Pixels];
        Full.Read(Full.IndexOf([2, 4, 0, 7, 9]), first);
        Full.Read(Full.IndexOf([2, 4, 39, 7, 9]), last);
        Assert.Equal(first, last);
    }

    [Fact]
    public void A_run_file_needs_only_the_strides_that_differ_from_1()
    {
        var strides = new Dictionary<string, long> { ["orientation"] = 20, ["y"] = 4 };
        IDataset grid = Datasets.Open(new MemberSpec("dsprites", new Dictionary<string, object> { ["strides"] = strides })).Training;
        Assert.Equal(3 * 6 * 2 * 32 * 8, grid.Count);
        Assert.Equal(737_280, Datasets.Open(new MemberSpec("dsprites")).Training.Count);
        Assert.NotEqual(Full.Fingerprint(), grid.Fingerprint());
    }

    private static SpritePose PoseOf(int index)
    {
        int[] factors = new int[5];
        Full.Factors(index, factors);
        return new SpritePose(factors[0], factors[1], factors[2], factors[3], factors[4]);
    }
}
