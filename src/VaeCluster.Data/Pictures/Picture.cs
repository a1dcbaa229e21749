namespace VaeCluster.Data.Pictures;

/// <summary>A decoded image file: bytes row by row, with the channels of a pixel adjacent.</summary>
/// <param name="Size">Width, height and channels.</param>
/// <param name="Bytes">Height × width × channels values.</param>
internal sealed record Picture(PictureSize Size, byte[] Bytes)
{
    // ITU-R BT.601, in thousandths.
    private const int Red = 299, Green = 587, Blue = 114, Whole = 1000;

    /// <summary>Converts to grey or colour.</summary>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    internal Picture WithChannels(int channels)
    {
        if (channels == Size.Channels) return this;
        int area = Size.Height * Size.Width;
        byte[] bytes = new byte[checked(area * channels)];
        for (int i = 0; i < area; i++)
        {
            if (channels == 1)
                bytes[i] =
                    (byte)(((Red * Bytes[3 * i]) + (Green * Bytes[(3 * i) + 1]) + (Blue * Bytes[(3 * i) + 2]) + (Whole / 2)) / Whole);
            else
                bytes.AsSpan(3 * i, 3).Fill(Bytes[i]);
        }

        return new Picture(Size with { Channels = channels }, bytes);
    }
}

/// <summary>The size of an image file.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for grey, 3 for colour.</param>
internal readonly record struct PictureSize(int Width, int Height, int Channels);
