using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Resizes images in integer arithmetic. Thread-safe.</summary>
/// <param name="image">The new size.</param>
/// <param name="crop">
/// Whether to crop to the largest centred part with the new aspect ratio; false: the whole image is stretched.
/// </param>
internal sealed class Resizer(ImageShape image, bool crop)
{
    /// <summary>Resizes one image, converting it to grey or colour if needed.</summary>
    /// <param name="picture">The image.</param>
    /// <param name="planes">Receives the bytes, one channel after another.</param>
    internal void Write(Picture picture, Span<byte> planes)
    {
        picture = picture.WithChannels(image.Channels);
        (int left, int top, int width, int height) = Part(picture.Size);
        AxisWeights across = AxisWeights.Between(width, image.Width), down = AxisWeights.Between(height, image.Height);
        int channels = image.Channels;
        // Rows are resized horizontally when first needed; each new row depends on few old ones.
        long[][] narrowed = new long[height][];
        long total = (long)across.Total * down.Total;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<int> weights = down.Of(y);
            int first = down.First(y);
            for (int k = 0; k < weights.Length; k++)
                narrowed[first + k] ??= Narrow(
                    picture.Bytes.AsSpan((((top + first + k) * picture.Size.Width) + left) * channels, width * channels), across);
            for (int x = 0; x < image.Width; x++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    long sum = 0;
                    for (int k = 0; k < weights.Length; k++) sum += weights[k] * narrowed[first + k][(x * channels) + channel];
                    planes[(channel * image.Height * image.Width) + (y * image.Width) + x] = (byte)((sum + (total / 2)) / total);
                }
            }

            for (int k = y == 0 ? 0 : down.First(y - 1); k < first; k++) narrowed[k] = null!;
        }
    }

    private (int Left, int Top, int Width, int Height) Part(PictureSize size)
    {
        if (!crop) return (0, 0, size.Width, size.Height);
        long wide = (long)size.Width * image.Height, high = (long)size.Height * image.Width;
        int width = wide > high ? (int)Math.Max(1, high / image.Height) : size.Width,
        height = high > wide ? (int)Math.Max(1, wide / image.Width) : size.Height;
        return ((size.Width - width) / 2, (size.Height - height) / 2, width, height);
    }

    private long[] Narrow(ReadOnlySpan<byte> row, AxisWeights across)
    {
        int channels = image.Channels;
        long[] sums = new long[image.Width * channels];
        for (int x = 0; x < image.Width; x++)
        {
            ReadOnlySpan<int> weights = across.Of(x);
            int first = across.First(x);
            for (int k = 0; k < weights.Length; k++)
            {
                for (int channel = 0; channel < channels; channel++)
                    sums[(x * channels) + channel] += (long)weights[k] * row[((first + k) * channels) + channel];
            }
        }

        return sums;
    }
}
