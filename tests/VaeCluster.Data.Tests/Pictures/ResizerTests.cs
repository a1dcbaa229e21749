using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class ResizerTests
{
    [Fact]
    public void Resizing_to_the_same_size_changes_nothing()
    {
        Picture picture = Noise(7, 5, 3);
        byte[] planes = new byte[105];
        new Resizer(new ImageShape(3, 5, 7), crop: true).Write(picture, planes);
        for (int i = 0; i < 35; i++)
        {
            for (int channel = 0; channel < 3; channel++) Assert.Equal(picture.Bytes[(3 * i) + channel], planes[(35 * channel) + i]);
        }
    }

    [Fact]
    public void Shrinking_averages_areas()
    {
        Assert.Equal([4, 25], Resize([1, 3, 20, 30, 4, 8, 20, 30], 4, 2, 1, 2, crop: false));
        // Each new pixel covers one and a half old ones: (2·0 + 1·90)/3 and (1·90 + 2·30)/3.
        Assert.Equal([30, 50], Resize([0, 90, 30], 3, 1, 1, 2, crop: false));
    }

    [Fact]
    public void Enlarging_interpolates_between_centres() => Assert.Equal([0, 25, 75, 100], Resize([0, 100], 2, 1, 1, 4, crop: false));

    [Fact]
    public void Cropping_takes_the_centred_part_with_the_aspect_ratio()
    {
        Assert.Equal([2, 3], Resize([1, 2, 3, 4], 4, 1, 1, 2, crop: true));
        Assert.Equal([2], Resize([1, 2, 3], 3, 1, 1, 1, crop: true));
        Assert.Equal([2], Resize([1, 2, 3], 1, 3, 1, 1, crop: true));
    }

    [Fact]
    public void Any_size_matches_the_definition()
    {
        var sizes = Gen.ArrayOf(Gen.Choose(1, 23), 4).ToArbitrary();
        Prop.ForAll(sizes, size =>
        {
            Picture picture = Noise(size[0], size[1], 1);
            byte[] resized = Resize(picture.Bytes, size[0], size[1], size[2], size[3], crop: false);
            double[] expected = Defined(picture.Bytes, size[0], size[1], size[2], size[3]);
            for (int i = 0; i < resized.Length; i++) Assert.InRange(resized[i], expected[i] - 0.5000001, expected[i] + 0.5000001);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_result_has_the_same_bits_on_every_machine()
    {
        byte[] planes = new byte[3 * 37 * 41];
        new Resizer(new ImageShape(3, 37, 41), crop: true).Write(Noise(100, 30, 3), planes);
        Assert.Equal("7423b1c0ae004800031f0194241490102d24f1d0919d1bae0248118a0b148f12", Convert.ToHexStringLower(SHA256.HashData(planes)));
    }

    [Fact]
    public void Images_are_converted_between_grey_and_colour()
    {
        var colour = new Picture(new PictureSize(2, 1, 3), [255, 0, 0, 10, 20, 30]);
        Assert.Equal([76, 18], colour.WithChannels(1).Bytes);
        Assert.Equal([76, 76, 76, 18, 18, 18], colour.WithChannels(1).WithChannels(3).Bytes);
    }

    private static byte[] Resize(byte[] bytes, int width, int height, int newHeight, int newWidth, bool crop)
    {
        byte[] planes = new byte[newHeight * newWidth];
        new Resizer(new ImageShape(1, newHeight, newWidth), crop).Write(new Picture(new PictureSize(width, height, 1), bytes), planes);
        return planes;
    }

    private static Picture Noise(int width, int height, int channels)
    {
        uint state = 1;
        byte[] bytes = new byte[width * height * channels];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)((state = (state * 1664525) + 1013904223) >> 24);
        return new Picture(new PictureSize(width, height, channels), bytes);
    }

    // The definition: area means and linear interpolation, in floating point, pixel by pixel.
    private static double[] Defined(byte[] bytes, int width, int height, int newHeight, int newWidth)
    {
        var result = new List<double>();
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                double sum = 0;
                for (int row = 0; row < height; row++)
                {
                    for (int column = 0; column < width; column++)
                        sum += Weight(row, y, height, newHeight) * Weight(column, x, width, newWidth) * bytes[(row * width) + column];
                }

                result.Add(sum);
            }
        }

        return [.. result];
    }

    private static double Weight(int old, int position, int from, int to)
    {
        double scale = (double)from / to;
        if (to <= from) return Math.Max(0, Math.Min((position + 1) * scale, old + 1) - Math.Max(position * scale, old)) / scale;
        double centre = Math.Clamp(((position + 0.5) * scale) - 0.5, 0, from - 1);
        return Math.Max(0, 1 - Math.Abs(centre - old));
    }
}
