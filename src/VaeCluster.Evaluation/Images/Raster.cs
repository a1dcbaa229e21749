using VaeCluster.Core;

namespace VaeCluster.Evaluation.Images;

/// <summary>An 8-bit image: bytes row by row, with the channels of a pixel adjacent.</summary>
public sealed class Raster
{
    /// <summary>Creates a black image.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is empty, or the number of channels is not 1 or 3.</exception>
    public Raster(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "an image has 1 (grey) or 3 (colour) channels");
        Width = width;
        Height = height;
        Channels = channels;
        Bytes = new byte[checked(width * height * channels)];
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Height × width × channels values.</summary>
    public byte[] Bytes { get; }

    /// <summary>The values of one row.</summary>
    /// <param name="y">From 0 at the top.</param>
    public Span<byte> Row(int y) => Bytes.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>Number of channels to show an image: 3 for colour; otherwise 1, the first channel in grey.</summary>
    /// <param name="image">The image's size.</param>
    public static int ChannelsOf(ImageShape image) => image.Channels == 3 ? 3 : 1;

    /// <summary>Enlarges the image without blurring: every pixel becomes a square.</summary>
    /// <param name="factor">The side length of the square, at least 1.</param>
    public Raster Enlarge(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        var large = new Raster(checked(Width * factor), checked(Height * factor), Channels);
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> source = Row(y);
            Span<byte> first = large.Row(y * factor);
            for (int x = 0; x < Width; x++)
            {
                for (int copy = 0; copy < factor; copy++)
                    source.Slice(x * Channels, Channels).CopyTo(first[(((x * factor) + copy) * Channels)..]);
            }

            for (int copy = 1; copy < factor; copy++) first.CopyTo(large.Row((y * factor) + copy));
        }

        return large;
    }
}
