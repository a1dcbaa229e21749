using System.Text;
using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class PnmReaderTests
{
    [Fact]
    public void Grey_and_colour_are_read_as_text_and_as_bytes()
    {
        byte[] grey = [0, 128, 255, 7, 8, 9], colour = [1, 2, 3, 4, 5, 6];
        Assert.Equal(grey, Read("P2\n# by hand\n3 2\n255\n0 128 255\n7 8 # nearly done\n 9\n"u8).Bytes);
        Assert.Equal(grey, Read([.. "P5 3 2 255\n"u8, .. grey]).Bytes);
        Assert.Equal(colour, Read("P3 2 1 255 1 2 3 4 5 6"u8).Bytes);
        Assert.Equal(colour, Read([.. "P6\n2 1\n255\n"u8, .. colour]).Bytes);
        Assert.Equal(new PictureSize(2, 1, 3), PnmReader.ReadSize("a.ppm", "P6\n2 1\n255\n"u8));
    }

    [Fact]
    public void Samples_of_any_range_become_8_bits()
    {
        Assert.Equal([0, 128, 255], Read("P2 3 1 1000 0 500 1000"u8).Bytes);
        Assert.Equal([0, 255], Read("P2 2 1 1 0 1"u8).Bytes);
        Assert.Equal([255, 1, 0], Read([.. "P5 3 1 65535\n"u8, 0xff, 0xff, 1, 1, 0, 10]).Bytes);
    }

    [Theory]
    [InlineData("P4 1 1\n.", "no PNG, PGM or PPM")]
    [InlineData("P7\nWIDTH 1", "no PNG, PGM or PPM")]
    [InlineData("hello", "no PNG, PGM or PPM")]
    [InlineData("", "no PNG, PGM or PPM")]
    [InlineData("P5", "no PNG, PGM or PPM")]
    [InlineData("P5 3", "its height")]
    [InlineData("P5 3 x", "its height")]
    [InlineData("P5 3 -1 255\n", "its height")]
    [InlineData("P5 3 2 255", "does not end")]
    [InlineData("P5 3 2 0\n......", "its largest sample is 0")]
    [InlineData("P5 3 2 65536\n......", "its largest sample is 65536")]
    [InlineData("P5 3 2 255\n.....", "ends 1 bytes early")]
    [InlineData("P5 3 2 255\n.......", "goes on")]
    [InlineData("P5 3 2 9\n......", "a sample is 46")]
    [InlineData("P5 0 2 255\n", "pixels are read")]
    [InlineData("P5 99999999999 99999999999 255\n", "pixels are read")]
    [InlineData("P5 60000 60000 255\n", "pixels are read")]
    [InlineData("P6 15000 15000 255\n...", "early")]
    [InlineData("P2 3 1 255 1 2", "early")]
    [InlineData("P2 3 1 255 111111 2", "is 111111")]
    [InlineData("P2 2 1 255 1 2 3", "goes on")]
    public void What_lies_or_is_damaged_is_refused(string file, string reason)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => Read(Encoding.ASCII.GetBytes(file)));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static Picture Read(ReadOnlySpan<byte> file) => PnmReader.Read("a.pgm", file);
}
