using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Resizes images in integer arithmetic. Thread-safe.</summary>
/// <param name="image">The new size.</param>
/// <param name="crop">
/// Whether to crop to the largest centred part with the new aspect ratio; false: the whole image is stretched.
/// </param>
/// <param name="largest">The largest sample to write: 255 for bytes, above it for words of 16 bits, little-endian.</param>
internal sealed class Resizer(ImageShape image, bool crop, int largest = byte.MaxValue)
{
    // Most folders have few sizes, and the weights of one take as long to make as a small image to resize.
    private const int MostWeights = 1024;

    private readonly ConcurrentDictionary<(int From, int To), AxisWeights> _weights = new();

    /// <summary>Bytes of one resized image.</summary>
    internal int ImageBytes => image.Pixels * (largest > byte.MaxValue ? sizeof(ushort) : sizeof(byte));

    /// <summary>Resizes one image, converting it to grey or colour if needed.</summary>
    /// <param name="picture">The image, whose largest sample is not above that of this resizer.</param>
    /// <param name="planes">Receives <see cref="ImageBytes"/> bytes, one channel after another.</param>
    internal void Write(Picture picture, Span<byte> planes)
    {
        picture = picture.WithChannels(image.Channels);
        if (largest > byte.MaxValue)
            Write<ushort>(picture.WithLargest(largest).Words, picture.Size, MemoryMarshal.Cast<byte, ushort>(planes));
        else Write<byte>(picture.Bytes, picture.Size, planes);
    }

    private void Write<T>(ReadOnlySpan<T> samples, PictureSize size, Span<T> planes)
        where T : unmanaged, IBinaryInteger<T>
    {
        (int left, int top, int width, int height) = Part(size);
        AxisWeights across = Between(width, image.Width), down = Between(height, image.Height);
        int channels = image.Channels, row = image.Width * channels, area = image.Height * image.Width;

        // Rows are resized horizontally when first needed, and stay for as long as new rows depend on them.
        long total = (long)across.Total * down.Total;
        var narrowed = new Dictionary<int, long[]>();
        var spare = new Stack<long[]>();
        long[] sums = new long[row];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<int> weights = down.Of(y);
            int first = down.First(y);
            for (int k = y == 0 ? first : down.First(y - 1); k < first; k++)
            {
                if (narrowed.Remove(k, out long[]? done)) spare.Push(done);
            }

            Array.Clear(sums);
            for (int k = 0; k < weights.Length; k++)
            {
                if (!narrowed.TryGetValue(first + k, out long[]? line))
                {
                    line = spare.TryPop(out long[]? used) ? used : new long[row];
                    Narrow(samples.Slice((((top + first + k) * size.Width) + left) * channels, width * channels), across, line);
                    narrowed[first + k] = line;
                }

                long weight = weights[k];
                for (int i = 0; i < sums.Length; i++) sums[i] += weight * line[i];
            }

            for (int x = 0; x < image.Width; x++)
            {
                for (int channel = 0; channel < channels; channel++)
                    planes[(channel * area) + (y * image.Width) + x] =
                        T.CreateTruncating((sums[(x * channels) + channel] + (total / 2)) / total);
            }
        }
    }

    private AxisWeights Between(int from, int to)
    {
        if (_weights.TryGetValue((from, to), out AxisWeights? known)) return known;
        AxisWeights made = AxisWeights.Between(from, to);
        if (_weights.Count < MostWeights) _weights[(from, to)] = made;
        return made;
    }

    private (int Left, int Top, int Width, int Height) Part(PictureSize size)
    {
        if (!crop) return (0, 0, size.Width, size.Height);
        long wide = (long)size.Width * image.Height, high = (long)size.Height * image.Width;
        int width = wide > high ? (int)Math.Max(1, high / image.Height) : size.Width,
        height = high > wide ? (int)Math.Max(1, wide / image.Width) : size.Height;
        return ((size.Width - width) / 2, (size.Height - height) / 2, width, height);
    }

    private void Narrow<T>(ReadOnlySpan<T> row, AxisWeights across, Span<long> sums)
        where T : unmanaged, IBinaryInteger<T>
    {
        int channels = image.Channels;
        for (int x = 0; x < image.Width; x++)
        {
            ReadOnlySpan<int> weights = across.Of(x);
            int place = across.First(x) * channels;
            if (channels == 1)
            {
                long sum = 0;
                foreach (int weight in weights) sum += weight * long.CreateTruncating(row[place++]);
                sums[x] = sum;
            }
            else
            {
                long red = 0, green = 0, blue = 0;
                foreach (long weight in weights)
                {
                    red += weight * long.CreateTruncating(row[place]);
                    green += weight * long.CreateTruncating(row[place + 1]);
                    blue += weight * long.CreateTruncating(row[place + 2]);
                    place += channels;
                }

                (sums[3 * x], sums[(3 * x) + 1], sums[(3 * x) + 2]) = (red, green, blue);
            }
        }
    }
}
