using VaeCluster.Core;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data.Tests.Pictures;

public sealed class PngReaderTests
{
    // All valid combinations of colour type and depth.
    public static IEnumerable<object[]> Kinds =>
        from kind in new[]
        {
            (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16),
        }
        from interlaced in new[] { false, true }
        select new object[] { kind.Item1, kind.Item2, interlaced };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_read(int colour, int depth, bool interlaced)
    {
        foreach ((int width, int height) in new[] { (1, 1), (2, 3), (4, 4), (5, 1), (1, 9), (13, 11), (33, 8) })
        {
            PngBytes png = Random(colour, depth, width, height) with { Interlaced = interlaced };
            Picture picture = PngReader.Read("a.png", png.Encode());
            Assert.Equal(new PictureSize(width, height, colour is 0 or 4 ? 1 : 3, depth == 16 ? 65535 : 255), picture.Size);
            Assert.Equal(Expected(png), Samples(picture));
            Assert.Equal(picture.Size, PngReader.ReadSize("a.png", png.Encode().AsSpan(0, 40)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_filter_is_undone(int filter)
    {
        foreach ((int colour, int depth) in new[] { (0, 1), (0, 8), (2, 8), (2, 16), (6, 16) })
        {
            PngBytes png = Random(colour, depth, 17, 6) with { Filter = filter, Parts = 5 };
            Assert.Equal(Expected(png), Samples(PngReader.Read("a.png", png.Encode())));
        }
    }

    [Fact]
    public void Transparent_colours_and_palette_entries_are_blended_with_black()
    {
        var grey = new PngBytes(3, 1, 4, 0, [3, 7, 3]) { Transparency = [0, 7] };
        Assert.Equal([51, 0, 51], PngReader.Read("a.png", grey.Encode()).Bytes);
        var rgb = new PngBytes(2, 1, 8, 2, [10, 20, 30, 10, 20, 31]) { Transparency = [0, 10, 0, 20, 0, 30] };
        Assert.Equal([0, 0, 0, 10, 20, 31], PngReader.Read("a.png", rgb.Encode()).Bytes);
        var palette = new PngBytes(3, 1, 2, 3, [0, 1, 2]) { Palette = [200, 100, 50, 200, 100, 50, 200, 100, 50], Transparency = [0, 51] };
        Assert.Equal([0, 0, 0, 40, 20, 10, 200, 100, 50], PngReader.Read("a.png", palette.Encode()).Bytes);
    }

    [Fact]
    public void A_wrong_checksum_is_refused_in_every_chunk()
    {
        byte[] png = (Random(3, 4, 9, 9) with { Transparency = [1] }).Encode();
        for (int place = 8; place < png.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(place));
            byte[] damaged = [.. png];
            damaged[place + 8 + length] ^= 0x10;
            Assert.Contains("CRC", Refused(damaged), StringComparison.Ordinal);
            place += length + 12;
        }
    }

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        byte[] png = Random(2, 8, 5, 4).Encode();
        for (int place = 0; place < png.Length; place++)
        {
            byte[] damaged = [.. png];
            damaged[place] ^= (byte)(1 << (place % 8));
            Refused(damaged);
        }
    }

    [Fact]
    public void A_file_truncated_anywhere_is_refused()
    {
        byte[] png = Random(2, 8, 5, 4).Encode();
        for (int length = 0; length < png.Length; length++) Refused(png[..length]);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 8)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    [InlineData(7, 8)]
    public void An_invalid_colour_type_or_depth_is_refused(int colour, int depth) =>
        Assert.Contains("not valid PNG", Refused(
            [.. PngBytes.Signature, .. new PngBytes(1, 1, depth, colour, [0]).Header()]), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(65535, 65535)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-1, 1)]
    public void An_impossible_size_is_refused(int width, int height) =>
        Assert.Contains("at most 67108864 pixels", Refused(
            [.. PngBytes.Signature, .. new PngBytes(width, height, 8, 0, []).Header()]), StringComparison.Ordinal);

    [Fact]
    public void More_pixels_than_the_file_can_contain_are_refused_before_allocating_memory()
    {
        byte[] small = new PngBytes(1, 1, 8, 0, [7]).Encode();
        byte[] header = new PngBytes(8000, 8000, 8, 0, []).Header();
        Assert.Contains(
            "more than its data can contain", Refused([.. PngBytes.Signature, .. header, .. small[33..]]), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_pixels_than_the_header_says_are_refused()
    {
        byte[] small = new PngBytes(3, 3, 8, 0, new int[9]).Encode();
        byte[] header = new PngBytes(3, 4, 8, 0, []).Header();
        Assert.Contains("too few pixels", Refused([.. PngBytes.Signature, .. header, .. small[33..]]), StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_that_need_a_dictionary_are_refused()
    {
        // Found by fuzzing: zlib then asks for the dictionary, and .NET knows no such answer.
        byte[] header = new PngBytes(1, 1, 8, 0, []).Header(), pixels = PngBytes.Chunk("IDAT", [0x78, 0x20, .. new byte[12]]);
        Assert.Contains(
            "cannot be decompressed", Refused([.. PngBytes.Signature, .. header, .. pixels, .. PngBytes.Chunk("IEND")]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_chunks_are_refused()
    {
        byte[] start = [.. PngBytes.Signature, .. new PngBytes(1, 1, 8, 3, []).Header()];
        byte[] rest = new PngBytes(1, 1, 8, 3, [4]) { Palette = [1, 2, 3] }.Encode()[33..];
        Assert.Contains(
            "palette", Refused([.. start, .. PngBytes.Chunk("PLTE", 1, 2), .. PngBytes.Chunk("IEND")]), StringComparison.Ordinal);
        Assert.Contains("no palette", Refused([.. start, .. PngBytes.Chunk("IEND")]), StringComparison.Ordinal);
        Assert.Contains("colour index 4, but the palette has 1", Refused([.. start, .. rest]), StringComparison.Ordinal);
        Assert.Contains("'ABCD'", Refused([.. start, .. PngBytes.Chunk("ABCD"), .. rest]), StringComparison.Ordinal);
        byte[] split =
            [.. PngBytes.Chunk("PLTE", 1, 2, 3), .. PngBytes.Chunk("IDAT", 1), .. PngBytes.Chunk("tEXt"), .. PngBytes.Chunk("IDAT", 2)];
        Assert.Contains("not consecutive", Refused([.. start, .. split]), StringComparison.Ordinal);
        Assert.Contains("PNG header", Refused([.. PngBytes.Signature, .. PngBytes.Chunk("IDAT", 1, 2, 3)]), StringComparison.Ordinal);
        byte[] garbage = [.. new PngBytes(1, 1, 8, 0, []).Header(), .. PngBytes.Chunk("IDAT", 1, 2, 3), .. PngBytes.Chunk("IEND")];
        Assert.Contains("decompressed", Refused([.. PngBytes.Signature, .. garbage]), StringComparison.Ordinal);
        Assert.Contains("filter 7", Refused((Random(0, 8, 2, 2) with { Filter = 7 }).Encode()), StringComparison.Ordinal);
    }

    internal static PngBytes Random(int colour, int depth, int width, int height)
    {
        var random = new System.Random((colour * 100) + depth + (width * 31) + height);
        int[] samples = [.. Enumerable.Range(0, width * height * PngBytes.SamplesOf(colour)).Select(_ => random.Next(1 << depth))];
        byte[] palette = new byte[3 << Math.Min(depth, 8)];
        random.NextBytes(palette);
        return new PngBytes(width, height, depth, colour, samples) { Palette = colour == 3 ? palette : null };
    }

    // The definition, in floating point.
    private static int[] Samples(Picture picture) => picture.Words is { } words
        ? [.. words.Select(word => (int)word)] : [.. picture.Bytes.Select(value => (int)value)];

    private static int[] Expected(PngBytes png)
    {
        double largest = (1 << png.Depth) - 1;
        int white = png.Depth == 16 ? 65535 : 255;
        int samples = PngBytes.SamplesOf(png.Colour);
        var bytes = new List<int>();
        for (int i = 0; i < png.Samples.Length; i += samples)
        {
            int[] pixel = png.Samples[i..(i + samples)];
            if (png.Colour == 3)
            {
                bytes.AddRange(png.Palette![(3 * pixel[0])..((3 * pixel[0]) + 3)].Select(value => (int)value));
                continue;
            }

            int opacity = samples is 2 or 4 ? (int)Math.Round((double)pixel[^1] * white / largest) : white;
            foreach (int sample in samples is 2 or 4 ? pixel[..^1] : pixel)
                bytes.Add((int)Math.Floor((Math.Round((double)sample * white / largest) * opacity / white) + 0.5));
        }

        return [.. bytes];
    }

    private static string Refused(byte[] file)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => PngReader.Read("a.png", file));
        Assert.StartsWith("a.png", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        return fault.Message;
    }
}
