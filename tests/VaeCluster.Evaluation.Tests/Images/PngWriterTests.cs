using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Tests.Images;

public class PngWriterTests
{
    [Fact]
    public void Every_image_survives_encoding_and_decoding()
    {
        Arbitrary<(int Width, int Height, int Channels, int Seed)> pictures = Gen.Choose(1, 40)
            .Zip(Gen.Choose(1, 40)).Zip(Gen.Elements(1, 3)).Zip(Gen.Choose(0, 100000))
            .Select(p => (p.Item1.Item1.Item1, p.Item1.Item1.Item2, p.Item1.Item2, p.Item2)).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(pictures, picture =>
        {
            var raster = new Raster(picture.Width, picture.Height, picture.Channels);
            Fill(raster, picture.Seed);
            Raster decoded = PngDecoder.Decode(PngWriter.Encode(raster));
            return decoded.Width == raster.Width && decoded.Height == raster.Height && decoded.Channels == raster.Channels
                && decoded.Bytes.AsSpan().SequenceEqual(raster.Bytes);
        }));
    }

    [Fact]
    public void Encoding_is_deterministic()
    {
        var raster = new Raster(33, 17, 3);
        Fill(raster, 5);
        Assert.Equal(PngWriter.Encode(raster), PngWriter.Encode(raster));
    }

    [Fact]
    public void Smooth_images_compress_well()
    {
        var raster = new Raster(256, 256, 1);
        for (int y = 0; y < 256; y++)
            for (int x = 0; x < 256; x++)
                raster.Row(y)[x] = (byte)(x + y);
        Assert.InRange(PngWriter.Encode(raster).Length, 1, 2000);
    }

    [Fact]
    public void A_data_uri_contains_the_file()
    {
        var raster = new Raster(2, 2, 1);
        string uri = PngWriter.ToDataUri(raster);
        Assert.StartsWith("data:image/png;base64,", uri, StringComparison.Ordinal);
        Assert.Equal(PngWriter.Encode(raster), Convert.FromBase64String(uri["data:image/png;base64,".Length..]));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    public void Impossible_sizes_are_rejected(int width, int height, int channels) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Raster(width, height, channels));

    // Random, constant and repeated rows, so that each filter is best on some row.
    private static void Fill(Raster raster, int seed)
    {
        var random = new Random(seed);
        for (int y = 0; y < raster.Height; y++)
        {
            Span<byte> row = raster.Row(y);
            switch (random.Next(3))
            {
                case 0: random.NextBytes(row); break;
                case 1: row.Fill((byte)random.Next(256)); break;
                default: if (y > 0) raster.Row(y - 1).CopyTo(row); break;
            }
        }
    }
}
