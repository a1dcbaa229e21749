using VaeCluster.Core;
using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Tests.Images;

public class ImageGridTests
{
    [Fact]
    public void Cells_are_separated_by_gaps()
    {
        var grid = new ImageGrid(2, 2, new ImageShape(1, 1, 2), new ImageGridOptions { MinTile = 1 });
        grid.Set(0, 0, [0f, 1f]);
        grid.Set(1, 1, [0.5f, 0.2f]);
        Raster raster = grid.ToRaster();
        Assert.Equal((7, 5), (raster.Width, raster.Height));
        const byte Gap = 128;
        Assert.Equal([Gap, 0, 255, Gap, Gap, Gap, Gap], raster.Row(1).ToArray());
        Assert.Equal([Gap, Gap, Gap, Gap, 128, 51, Gap], raster.Row(3).ToArray());
        Assert.All(raster.Row(2).ToArray(), value => Assert.Equal(Gap, value));
    }

    [Fact]
    public void Small_images_are_enlarged_by_the_smallest_sufficient_integer_factor()
    {
        var grid = new ImageGrid(1, 1, new ImageShape(1, 28, 28), new ImageGridOptions { Gap = 1, MinTile = 50 });
        Assert.Equal(2 * 30, grid.ToRaster().Width);
    }

    [Fact]
    public void Enlarging_repeats_pixels_in_both_directions()
    {
        var raster = new Raster(2, 1, 3);
        raster.Bytes.AsSpan().Clear();
        raster.Bytes[3] = 9;
        Raster large = raster.Enlarge(2);
        byte[] row = [0, 0, 0, 0, 0, 0, 9, 0, 0, 9, 0, 0];
        Assert.Equal([.. row, .. row], large.Bytes);
    }

    [Fact]
    public void Colour_planes_are_interleaved_into_pixels()
    {
        var grid = new ImageGrid(1, 1, new ImageShape(3, 1, 2), new ImageGridOptions { Gap = 0, MinTile = 1 });
        grid.Set(0, 0, [1f, 0f, 0f, 1f, 0f, 1f]);
        Assert.Equal([255, 0, 0, 0, 255, 255], grid.ToRaster().Bytes);
    }

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(2f, 255)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(0.5f, 128)]
    public void Values_outside_the_unit_interval_are_clamped(float value, byte expected)
    {
        var grid = new ImageGrid(1, 1, new ImageShape(1, 1, 1), new ImageGridOptions { Gap = 0, MinTile = 1 });
        grid.Set(0, 0, [value]);
        Assert.Equal(expected, grid.ToRaster().Bytes[0]);
    }

    [Fact]
    public void A_cell_outside_the_grid_or_an_image_of_the_wrong_size_is_rejected()
    {
        var grid = new ImageGrid(1, 1, new ImageShape(1, 1, 1), new ImageGridOptions());
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Set(1, 0, [0f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Set(0, -1, [0f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Set(0, 0, [0f, 0f]));
    }
}
