using System.Buffers.Binary;
using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class CodecReaderTests
{
    private static readonly int[] Red = [200, 40, 60], Blue = [20, 60, 220];

    public static TheoryData<string, byte[]> Colour => new()
    {
        { "baseline", PictureFixtures.Jpeg },
        { "progressive", PictureFixtures.ProgressiveJpeg },
        { "webp", PictureFixtures.Webp },
        { "bmp", PictureFixtures.Bmp },
        { "gif", PictureFixtures.Gif },
    };

    [Theory]
    [MemberData(nameof(Colour))]
    public void Colours_are_those_of_the_file(string name, byte[] file)
    {
        Picture picture = PictureReader.Read(name, file);
        Assert.Equal(new PictureSize(16, 8, 3), picture.Size);
        Assert.Equal(picture.Size, PictureReader.ReadSize(name, file));
        // JPEG loses a little; the halves meet at the border of two blocks, so no colour bleeds over.
        int tolerance = name is "baseline" or "progressive" ? 2 : 0;
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 16; x++) AssertNear(x < 8 ? Red : Blue, Pixel(picture, x, y), tolerance);
        }
    }

    [Fact]
    public void A_grey_JPEG_has_one_channel()
    {
        Picture picture = PictureReader.Read("a.jpg", PictureFixtures.GreyJpeg);
        Assert.Equal(new PictureSize(8, 8, 1), picture.Size);
        Assert.All(picture.Bytes, value => Assert.InRange(value, 76, 78));
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, false)]
    [InlineData(3, false, false)]
    [InlineData(4, false, true)]
    [InlineData(5, true, true)]
    [InlineData(6, true, true)]
    [InlineData(7, true, false)]
    [InlineData(8, true, false)]
    public void Each_EXIF_orientation_is_applied(byte orientation, bool turned, bool redFirst)
    {
        byte[] file = PictureFixtures.TurnedJpeg;
        file[OrientationOf(file)] = orientation;
        Picture picture = PictureReader.Read("a.jpg", file);
        Assert.Equal(turned ? new PictureSize(8, 16, 3) : new PictureSize(16, 8, 3), picture.Size);
        Assert.Equal(picture.Size, PictureReader.ReadSize("a.jpg", file));
        AssertNear(redFirst ? Red : Blue, Pixel(picture, 2, 2), 2);
        AssertNear(redFirst ? Blue : Red, turned ? Pixel(picture, 5, 13) : Pixel(picture, 13, 5), 2);
    }

    [Fact]
    public void The_colours_of_print_are_refused() =>
        Assert.Contains("CMYK", Refused(PictureFixtures.CmykJpeg), StringComparison.Ordinal);

    [Fact]
    public void A_JPEG_truncated_anywhere_is_refused()
    {
        foreach (byte[] file in (byte[][])[PictureFixtures.Jpeg, PictureFixtures.ProgressiveJpeg, PictureFixtures.TurnedJpeg])
        {
            for (int length = 0; length < file.Length - 1; length++) Refused(file[..length]);
        }
    }

    [Fact]
    public void The_end_of_a_preview_is_not_taken_for_the_end_of_the_image()
    {
        byte[] file = PictureFixtures.Jpeg;
        byte[] preview = [0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 0xFF, 0xD9];
        byte[] withPreview = [.. file[..2], .. preview, .. file[2..]];
        AssertNear(Red, Pixel(PictureReader.Read("a.jpg", withPreview), 2, 2), 2);
        Assert.Contains("truncated", Refused(withPreview[..^2]), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Colour))]
    public void Damage_is_one_line_or_an_image_of_the_stated_size(string name, byte[] file)
    {
        var random = new System.Random(7);
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = [.. file];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Picture picture = PictureReader.Read(name, damaged);
                Assert.Equal(
                    picture.Size.Width * picture.Size.Height * picture.Size.Channels, picture.Words?.Length ?? picture.Bytes.Length);
            }
            catch (BadInputException fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }
        }
    }

    [Fact]
    public void Transparent_pixels_of_a_GIF_are_blended_with_black()
    {
        // One pixel of colour 0, which the graphic control extension makes transparent.
        byte[] file =
        [
            .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 200, 100, 50, 1, 2, 3, 0x21, 0xF9, 4, 1, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2,
            0x44, 1, 0, 0x3B,
        ];
        Assert.Equal([0, 0, 0], PictureReader.Read("a.gif", file).Bytes);
        file[22] = 0; // not transparent
        Assert.Equal([200, 100, 50], PictureReader.Read("a.gif", file).Bytes);
    }

    private static int OrientationOf(byte[] file)
    {
        for (int i = 0; i < file.Length - 10; i++)
        {
            bool big = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(i)) == 0x0112 && file[i + 3] == 3;
            if (big) return i + 9;
            if (BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(i)) == 0x0112 && file[i + 2] == 3) return i + 8;
        }

        throw new InvalidOperationException("no orientation");
    }

    private static int[] Pixel(Picture picture, int x, int y)
    {
        int place = ((y * picture.Size.Width) + x) * 3;
        return [picture.Bytes[place], picture.Bytes[place + 1], picture.Bytes[place + 2]];
    }

    private static void AssertNear(int[] expected, int[] actual, int tolerance)
    {
        for (int i = 0; i < 3; i++) Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    private static string Refused(byte[] file)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => PictureReader.Read("a.jpg", file));
        Assert.StartsWith("a.jpg", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
