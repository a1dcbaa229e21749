using System.Text;
using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class PnmReaderTests
{
    [Fact]
    public void Grey_and_colour_are_read_as_text_and_binary()
    {
        byte[] grey = [0, 128, 255, 7, 8, 9], colour = [1, 2, 3, 4, 5, 6];
        Assert.Equal(grey, Read("P2\n# by hand\n3 2\n255\n0 128 255\n7 8 # nearly done\n 9\n"u8).Bytes);
        Assert.Equal(grey, Read([.. "P5 3 2 255\n"u8, .. grey]).Bytes);
        Assert.Equal(colour, Read("P3 2 1 255 1 2 3 4 5 6"u8).Bytes);
        Assert.Equal(colour, Read([.. "P6\n2 1\n255\n"u8, .. colour]).Bytes);
        Assert.Equal(new PictureSize(2, 1, 3), PnmReader.ReadSize("a.ppm", "P6\n2 1\n255\n"u8));
    }

    [Fact]
    public void Samples_of_up_to_8_bits_are_converted_to_8_and_those_of_more_are_kept()
    {
        Assert.Equal([0, 255], Read("P2 2 1 1 0 1"u8).Bytes);
        Assert.Equal([0, 500, 1000], Read("P2 3 1 1000 0 500 1000"u8).Words!);
        Assert.Equal(new PictureSize(3, 1, 1, 1000), Read("P2 3 1 1000 0 500 1000"u8).Size);
        Assert.Equal([65535, 257, 10], Read([.. "P5 3 1 65535\n"u8, 0xff, 0xff, 1, 1, 0, 10]).Words!);
    }

    [Theory]
    [InlineData("P4 1 1\n.", "not a PNG, PGM or PPM")]
    [InlineData("P7\nWIDTH 1", "not a PNG, PGM or PPM")]
    [InlineData("hello", "not a PNG, PGM or PPM")]
    [InlineData("", "not a PNG, PGM or PPM")]
    [InlineData("P5", "not a PNG, PGM or PPM")]
    [InlineData("P5 3", "the height is missing")]
    [InlineData("P5 3 x", "the height is missing")]
    [InlineData("P5 3 -1 255\n", "the height is missing")]
    [InlineData("P5 3 2 255", "has no end")]
    [InlineData("P5 3 2 0\n......", "maximum sample 0")]
    [InlineData("P5 3 2 65536\n......", "maximum sample 65536")]
    [InlineData("P5 3 2 255\n.....", "1 bytes are missing")]
    [InlineData("P5 3 2 255\n.......", "has more data")]
    [InlineData("P5 3 2 9\n......", "a sample is 46")]
    [InlineData("P5 0 2 255\n", "at most 67108864 pixels")]
    [InlineData("P5 99999999999 99999999999 255\n", "at most 67108864 pixels")]
    [InlineData("P5 60000 60000 255\n", "at most 67108864 pixels")]
    [InlineData("P6 8000 8000 255\n...", "truncated")]
    [InlineData("P2 3 1 255 1 2", "truncated")]
    [InlineData("P2 3 1 255 111111 2", "is 111111")]
    [InlineData("P2 2 1 255 1 2 3", "has more data")]
    public void Wrong_or_damaged_files_are_refused(string file, string reason)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Read(Encoding.ASCII.GetBytes(file)));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static Picture Read(ReadOnlySpan<byte> file) => PnmReader.Read("a.pgm", file);
}
