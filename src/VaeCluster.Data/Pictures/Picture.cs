namespace VaeCluster.Data.Pictures;

/// <summary>A decoded image file: samples row by row, with the channels of a pixel adjacent.</summary>
/// <param name="Size">Width, height, channels and the largest sample.</param>
/// <param name="Bytes">Height × width × channels samples of 0 to 255; empty if the image has <see cref="Words"/>.</param>
internal sealed record Picture(PictureSize Size, byte[] Bytes)
{
    // ITU-R BT.601, in thousandths.
    private const int Red = 299, Green = 587, Blue = 114, Whole = 1000;

    /// <summary>The samples of an image with more than 8 bits; null for one with 8.</summary>
    internal ushort[]? Words { get; init; }

    /// <summary>Converts to grey or colour.</summary>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    internal Picture WithChannels(int channels)
    {
        if (channels == Size.Channels) return this;
        int area = Size.Height * Size.Width;
        PictureSize size = Size with { Channels = channels };
        if (Words is null)
        {
            byte[] bytes = new byte[checked(area * channels)];
            for (int i = 0; i < area; i++)
            {
                if (channels == 1) bytes[i] = (byte)Grey(Bytes[3 * i], Bytes[(3 * i) + 1], Bytes[(3 * i) + 2]);
                else bytes.AsSpan(3 * i, 3).Fill(Bytes[i]);
            }

            return new Picture(size, bytes);
        }

        ushort[] words = new ushort[checked(area * channels)];
        for (int i = 0; i < area; i++)
        {
            if (channels == 1) words[i] = (ushort)Grey(Words[3 * i], Words[(3 * i) + 1], Words[(3 * i) + 2]);
            else words.AsSpan(3 * i, 3).Fill(Words[i]);
        }

        return new Picture(size, []) { Words = words };
    }

    /// <summary>Scales the samples to a larger range, rounded to nearest, so that no two different ones become equal.</summary>
    /// <param name="largest">The new largest sample, above 255 and not below that of the image.</param>
    internal Picture WithLargest(int largest)
    {
        if (largest == Size.Largest) return this;
        long from = Size.Largest;
        ushort[] words = new ushort[Words?.Length ?? Bytes.Length];
        for (int i = 0; i < words.Length; i++) words[i] = (ushort)((((Words?[i] ?? Bytes[i]) * (long)largest) + (from / 2)) / from);
        return new Picture(Size with { Largest = largest }, []) { Words = words };
    }

    private static int Grey(int red, int green, int blue) => ((Red * red) + (Green * green) + (Blue * blue) + (Whole / 2)) / Whole;
}

/// <summary>The size of an image file.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Largest">The largest possible sample, that of white: 255 for images of up to 8 bits, above it for those of more.</param>
internal readonly record struct PictureSize(int Width, int Height, int Channels, int Largest = byte.MaxValue)
{
    /// <summary>Bytes of a decoded picture.</summary>
    internal long Bytes => (long)Width * Height * Channels * (Largest > byte.MaxValue ? sizeof(ushort) : sizeof(byte));
}
