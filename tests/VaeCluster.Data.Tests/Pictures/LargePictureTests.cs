using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

/// <summary>Small files that promise large pictures are refused by their header, before anything is decoded.</summary>
public sealed class LargePictureTests
{
    [Theory]
    [InlineData(16384, 16384, 8, 2, "at most 67108864 pixels")]
    [InlineData(8192, 8192, 16, 2, "402653184 bytes; at most 201326592 are supported")]
    [InlineData(6000, 6000, 16, 6, "216000000 bytes; at most 201326592 are supported")]
    public void A_png_of_a_few_bytes_is_refused(int width, int height, int depth, int colour, string message)
    {
        byte[] file = [.. PngBytes.Signature, .. new PngBytes(width, height, depth, colour, []).Header()];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<BadInputException>(() => PictureReader.Read("a.png", file)).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_bmp_of_a_few_bytes_is_refused()
    {
        // The size is in the header's 32-bit fields from byte 18 on.
        byte[] file = [.. PictureFixtures.Bmp];
        BitConverter.GetBytes(30_000).CopyTo(file, 18);
        BitConverter.GetBytes(30_000).CopyTo(file, 22);
        Assert.Contains(
            "at most 67108864 pixels", Assert.Throws<BadInputException>(() => PictureReader.Read("a.bmp", file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2000, 2000)]
    [InlineData(8191, 8192)]
    public void More_pixels_than_the_bytes_can_hold_are_refused(int width, int height)
    {
        // Found by fuzzing: some hundred bytes took seconds.
        byte[] file = [.. PictureFixtures.Bmp];
        BitConverter.GetBytes(width).CopyTo(file, 18);
        BitConverter.GetBytes(height).CopyTo(file, 22);
        Assert.Contains(
            $"has size {height}×{width} in its header, more than its {file.Length} bytes can contain",
            Assert.Throws<BadInputException>(() => PictureReader.Read("a.bmp", file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bmp_whose_pixels_begin_after_its_end_is_refused()
    {
        // Found by fuzzing: the decoder allocates all that lies between, here 2 GB.
        byte[] file = [.. PictureFixtures.Bmp];
        BitConverter.GetBytes(int.MaxValue).CopyTo(file, 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "its pixels begin at byte 2147483647 by its header",
            Assert.Throws<BadInputException>(() => PictureReader.Read("a.bmp", file)).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_bmp_of_no_bits_a_pixel_is_refused()
    {
        // Found by fuzzing: the decoder divides by bytes 28 and 29.
        byte[] file = [.. PictureFixtures.Bmp];
        (file[28], file[29]) = (0, 0);
        Assert.Contains("is damaged", Assert.Throws<BadInputException>(() => PictureReader.Read("a.bmp", file)).Message, StringComparison.Ordinal);
    }
}
