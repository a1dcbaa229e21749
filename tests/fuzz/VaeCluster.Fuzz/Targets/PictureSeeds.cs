using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Small pictures of every kind that is read.</summary>
internal static class PictureSeeds
{
    /// <summary>PNG of several colour types and depths, plain and interlaced.</summary>
    internal static IEnumerable<byte[]> Png()
    {
        foreach (PngColorType colour in new[] { PngColorType.Grayscale, PngColorType.Rgb, PngColorType.RgbWithAlpha, PngColorType.Palette })
            foreach (PngInterlaceMode mode in new[] { PngInterlaceMode.None, PngInterlaceMode.Adam7 })
                yield return Of(new PngEncoder { ColorType = colour, InterlaceMethod = mode });
        yield return Of(new PngEncoder { ColorType = PngColorType.Rgb, BitDepth = PngBitDepth.Bit16 });
        yield return Of(new PngEncoder { ColorType = PngColorType.Grayscale, BitDepth = PngBitDepth.Bit2 });
    }

    /// <summary>JPEG, WebP, BMP and GIF.</summary>
    internal static IEnumerable<byte[]> OfCodecs()
    {
        yield return Of(new JpegEncoder { ColorType = JpegColorType.YCbCrRatio420 });
        yield return Of(new JpegEncoder { ColorType = JpegColorType.Luminance });
        yield return Of(new WebpEncoder { FileFormat = WebpFileFormatType.Lossless });
        yield return Of(new WebpEncoder { FileFormat = WebpFileFormatType.Lossy });
        yield return Of(new BmpEncoder { BitsPerPixel = BmpBitsPerPixel.Pixel24 });
        yield return Of(new BmpEncoder { BitsPerPixel = BmpBitsPerPixel.Pixel8 });
        yield return Of(new GifEncoder());
    }

    private static byte[] Of(IImageEncoder encoder)
    {
        using var image = new Image<Rgba32>(9, 7);
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++) image[x, y] = new Rgba32((byte)(x * 28), (byte)(y * 36), (byte)((x + y) * 15), (byte)(255 - (x * y)));
        using var file = new MemoryStream();
        image.Save(file, encoder);
        return file.ToArray();
    }
}
