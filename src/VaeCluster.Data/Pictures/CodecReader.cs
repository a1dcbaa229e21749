using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// Reads JPEG, WebP, BMP and GIF with ImageSharp. The orientation in a file's EXIF data is applied, transparent pixels are blended with
/// black, and of several frames the first is taken.
/// </summary>
/// <remarks>
/// PNG, PGM and PPM have readers of their own: these refuse every damaged chunk, which ImageSharp does not, and what they read is part of
/// earlier runs. Only this class names ImageSharp, so its assembly is loaded when the first such file is read. Its arithmetic for JPEG
/// uses what vector units a processor has, so the last bit of a pixel may differ between kinds of processors.
/// </remarks>
internal static class CodecReader
{
    // The orientations above this one swap width and height.
    private const int LastUpright = 4;
    private const int PoolMegabytes = 64;
    private const int RgbaBytes = 4;
    private const int FewPixels = 1 << 16;

    // Where the header of a BMP says at which byte its pixels begin.
    private const int BmpPixels = 10;

    // One image is decoded by one thread, since many are decoded at once.
    private static readonly Configuration Codecs = new(
        new JpegConfigurationModule(), new WebpConfigurationModule(), new BmpConfigurationModule(), new GifConfigurationModule())
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = PoolMegabytes }),
    };

    private static readonly GifDecoder FirstFrame = new() { DecodingMode = SixLabors.ImageSharp.Metadata.FrameDecodingMode.First };

    /// <summary>Reads the size.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">The file, at its first byte.</param>
    /// <exception cref="BadInputException">The file is damaged, or of a kind that is not supported.</exception>
    internal static PictureSize ReadSize(string path, Stream file) => Use(path, () => SizeOf(path, file));

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadInputException">The file is damaged, or of a kind that is not supported.</exception>
    internal static Picture Read(string path, byte[] file) => Use(path, () =>
    {
        bool isJpeg = PictureFormats.IsJpeg(file);
        if (isJpeg && !PictureFormats.HasJpegEnd(file))
            throw new BadInputException(path, null, null, "is truncated: the end of the JPEG is missing");
        using var stream = new MemoryStream(file);
        PictureSize size = SizeOf(path, stream);
        stream.Position = 0;
        return isJpeg ? size.Channels == 1 ? Decode<L8>(stream, size) : Decode<Rgb24>(stream, size) : DecodeTransparent(stream, size);
    });

    private static PictureSize SizeOf(string path, Stream file)
    {
        CheckPixelsOfBmp(path, file);
        IImageInfo info = Image.Identify(Codecs, file)
            ?? throw new BadInputException(path, null, null, "is damaged: its header cannot be read");
        bool isTurned = info.Metadata.ExifProfile?.GetValue(ExifTag.Orientation)?.Value > LastUpright;
        (int width, int height) = isTurned ? (info.Height, info.Width) : (info.Width, info.Height);
        int channels = info.Metadata.GetJpegMetadata().ColorType switch
        {
            JpegColorType.Luminance => 1,
            JpegColorType.Cmyk => throw new BadInputException(
                path, null, null, "has the colours of print (CMYK), which do not say which red, green and blue they are; convert it to RGB"),
            _ => 3,
        };
        PictureSize size = PictureReader.CheckSize(path, new PictureSize(width, height, channels));
        long most = (file.Length * PixelsPerByte(file)) + FewPixels;
        return (long)width * height <= most ? size : throw new BadInputException(
            path, null, null, $"has size {height}×{width} in its header, more than its {file.Length} bytes can contain");
    }

    // What is between header and pixels of a BMP is its palette. ImageSharp allocates as much as the header says, up to 2 GB.
    private static void CheckPixelsOfBmp(string path, Stream file)
    {
        Span<byte> header = stackalloc byte[BmpPixels + sizeof(uint)];
        int length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (length < header.Length || !header.StartsWith("BM"u8)) return;
        uint pixels = BinaryPrimitives.ReadUInt32LittleEndian(header[BmpPixels..]);
        if (pixels > file.Length)
            throw new BadInputException(
                path, null, null, $"is damaged: its pixels begin at byte {pixels} by its header, and it has {file.Length} bytes");
    }

    // Decoding a picture takes as long as it is large, so a file of some bytes must not promise millions of pixels. JPEG takes two bits for a
    // block of 8×8 at least, and BMP's runs two bytes for 255 pixels; GIF and WebP shrink pictures of one colour further than anybody needs.
    private static int PixelsPerByte(Stream file)
    {
        file.Position = 0;
        return file.ReadByte() is 'G' or 'R' ? 2048 : 256;
    }

    private static Picture Decode<TPixel>(Stream file, PictureSize size)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = Image.Load<TPixel>(Codecs, file);
        if (image.Metadata.ExifProfile is not null) image.Mutate(change => change.AutoOrient());
        byte[] bytes = new byte[checked(size.Width * size.Height * size.Channels)];
        image.CopyPixelDataTo(bytes);
        return new Picture(size, bytes);
    }

    private static Picture DecodeTransparent(MemoryStream file, PictureSize size)
    {
        bool isGif = file.ReadByte() == 'G';
        file.Position = 0;
        using Image<Rgba32> image = isGif ? Image.Load<Rgba32>(Codecs, file, FirstFrame) : Image.Load<Rgba32>(Codecs, file);
        if (image.Metadata.ExifProfile is not null) image.Mutate(change => change.AutoOrient());
        int area = checked(size.Width * size.Height);
        byte[] pixels = new byte[checked(area * RgbaBytes)], bytes = new byte[checked(area * size.Channels)];
        image.CopyPixelDataTo(pixels);
        for (int i = 0; i < area; i++)
        {
            int opacity = pixels[(RgbaBytes * i) + 3];
            for (int channel = 0; channel < size.Channels; channel++)
            {
                int value = pixels[(RgbaBytes * i) + channel];
                bytes[(size.Channels * i) + channel] = (byte)(((value * opacity) + (byte.MaxValue / 2)) / byte.MaxValue);
            }
        }

        return new Picture(size, bytes);
    }

    private static T Use<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not (BadInputException or OutOfMemoryException))
        {
            // The library answers damage in the middle of a file with whatever its decoder runs into.
            throw new BadInputException(path, null, null, $"is damaged, or of a kind that is not supported ({Line(fault)})", fault);
        }
    }

    private static string Line(Exception fault) => fault.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
