using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Arrays;

/// <summary>Images in an array of numbers, in memory or in a file.</summary>
internal sealed class ArrayImages : IDataset, INamedImages
{
    // In files larger than this only a sample of the images is checked when opening; the others are checked when they are read.
    private const long FullCheckLimit = 1L << 28;
    private const int ImagesChecked = 4096;
    private const int ByteValues = 256;
    private const long MostImageBytes = 1L << 30;

    private readonly string _path;
    private readonly ImageLayout _layout;
    private readonly NpyType _type;
    private readonly ByteSource _bytes;
    private readonly GreyScale _scale;
    private readonly float[]? _byteValues;
    private readonly int _imageBytes;

    /// <summary>Describes the array.</summary>
    /// <param name="name">The dataset's name in the run file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="layout">Its dimensions.</param>
    /// <param name="type">Its type, a number.</param>
    /// <param name="bytes">Its elements, row-major and little-endian.</param>
    /// <param name="scale">The values of black and white.</param>
    internal ArrayImages(string name, string path, ImageLayout layout, NpyType type, ByteSource bytes, GreyScale scale)
    {
        Name = name;
        _path = path;
        _layout = layout;
        _type = type;
        _bytes = bytes;
        _scale = scale;
        long imageBytes = (long)layout.StoredValues * NpyElements.SizeOf(type);
        if (imageBytes > MostImageBytes)
            throw new BadInputException(
                path, "shape", $"images of {layout.Image}", $"an image has at most {MostImageBytes} bytes; these have {imageBytes}");
        _imageBytes = (int)imageBytes;
        if (type == NpyType.Byte) _byteValues = [.. Enumerable.Range(0, ByteValues).Select(value => scale.PixelOf(value))];
    }

    public string Name { get; }

    public int Count => _layout.Count;

    public bool IsInMemory => _bytes.Memory is not null;

    public string? Stamp => _bytes.Stamp;

    public ImageShape Image => _layout.Image;

    public IReadOnlyList<string>? FileNames { get; internal set; }

    /// <summary>Checks that pixels are between black and white: all of them, or in a large file those of a sample of images.</summary>
    /// <exception cref="BadInputException">A pixel is out of range.</exception>
    internal void Check()
    {
        if (IsAlwaysInRange) return;
        int step = _bytes.Length <= FullCheckLimit ? 1 : Math.Max(1, Count / ImagesChecked);
        var pixels = new float[Image.Pixels];
        for (long index = 0; index < Count; index += step) Read((int)index, pixels);
    }

    /// <summary>
    /// The range of the stored values of more than 8 bits, as a note to the user; null for bytes and floats, and where values are as in
    /// bytes.
    /// </summary>
    internal string? DescribeRange()
    {
        if (_type == NpyType.Byte || !NpyElements.IsInteger(_type) || _scale.IsPlainBytes || _scale.IsIdentity) return null;
        StoredRange range = StoredRange.Of(_type, _bytes);
        string hint = range.Largest < (_scale.Black + _scale.White) / 2
            ? FormattableString.Invariant($"; white: {range.Largest:R} would make the most of them") : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_path}: stored values are from {range.Smallest:R} to {range.Largest:R}; black is {_scale.Black:R}, white {_scale.White:R}{hint}");
    }

    /// <exception cref="BadInputException">A pixel is out of range, or the file can no longer be read.</exception>
    public void Read(int index, Span<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        pixels = pixels[..Image.Pixels];
        if (_bytes.Memory is { } memory)
        {
            Convert(memory.AsSpan((int)((long)index * _imageBytes), _imageBytes), pixels);
        }
        else
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(_imageBytes);
            Span<byte> image = buffer.AsSpan(0, _imageBytes);
            _bytes.Read((long)index * _imageBytes, image);
            Convert(image, pixels);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (!IsAlwaysInRange) CheckRange(index, pixels);
    }

    public string Fingerprint()
    {
        // The same image bytes have the same fingerprint whichever dataset kind reads them.
        bool bytes = _type == NpyType.Byte && !_layout.HasOpacity;
        string kind = !bytes ? " float32" : _scale.IsPlainBytes ? string.Empty : $" black {_scale.Black:R} white {_scale.White:R}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string text = string.Create(CultureInfo.InvariantCulture, $"images {Count} {Image.Channels} {Image.Height} {Image.Width}{kind}\n");
        hash.AppendData(Encoding.ASCII.GetBytes(text));
        byte[] stored = new byte[_imageBytes], planes = new byte[_imageBytes];
        var pixels = new float[Image.Pixels];
        for (int index = 0; index < Count; index++)
        {
            if (bytes)
            {
                _bytes.Read((long)index * _imageBytes, stored);
                if (_layout.ChannelsLast) SeparateChannels<byte>(stored, planes);
                hash.AppendData(_layout.ChannelsLast ? planes : stored);
            }
            else
            {
                Read(index, pixels);
                hash.AppendData(MemoryMarshal.AsBytes<float>(pixels));
            }
        }

        return System.Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private bool IsAlwaysInRange => _scale.Black <= 0
        && _type switch { NpyType.Byte => _scale.White >= byte.MaxValue, NpyType.UInt16 => _scale.White >= ushort.MaxValue, _ => false };

    private void Convert(ReadOnlySpan<byte> stored, Span<float> pixels)
    {
        switch (_type)
        {
            case var _ when _layout.HasOpacity:
                ConvertOpacity(stored, pixels);
                return;
            case NpyType.Byte when _scale.IsPlainBytes && !_layout.ChannelsLast:
                PixelBytes.ToFloat(stored, pixels);
                return;
            case NpyType.Byte:
                for (int i = 0; i < stored.Length; i++) pixels[Place(i)] = _byteValues![stored[i]];
                return;
            case NpyType.Single when _scale.IsIdentity && !_layout.ChannelsLast:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(pixels);
                return;
            case NpyType.Single:
                ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(stored);
                for (int i = 0; i < singles.Length; i++) pixels[Place(i)] = _scale.PixelOf(singles[i]);
                return;
            default:
                double[] values = ArrayPool<double>.Shared.Rent(pixels.Length);
                Span<double> numbers = values.AsSpan(0, pixels.Length);
                NpyElements.ToDoubles(_type, stored, numbers);
                for (int i = 0; i < numbers.Length; i++) pixels[Place(i)] = _scale.PixelOf(numbers[i]);
                ArrayPool<double>.Shared.Return(values);
                return;
        }
    }

    // Red, green, blue and opacity, blended with black. Full opacity is white, whatever black is.
    private void ConvertOpacity(ReadOnlySpan<byte> stored, Span<float> pixels)
    {
        int area = Image.Height * Image.Width, channels = _layout.StoredChannels;
        double[] values = ArrayPool<double>.Shared.Rent(_layout.StoredValues);
        NpyElements.ToDoubles(_type, stored, values.AsSpan(0, _layout.StoredValues));
        for (int i = 0; i < area; i++)
        {
            float opacity = (float)(values[Stored(i, Image.Channels)] / _scale.White);
            for (int channel = 0; channel < Image.Channels; channel++)
                pixels[(channel * area) + i] = _scale.PixelOf(values[Stored(i, channel)]) * opacity;
        }

        ArrayPool<double>.Shared.Return(values);

        int Stored(int pixel, int channel) => _layout.ChannelsLast ? (pixel * channels) + channel : (channel * area) + pixel;
    }

    private void SeparateChannels<T>(ReadOnlySpan<T> stored, Span<T> planes)
    {
        for (int i = 0; i < stored.Length; i++) planes[Place(i)] = stored[i];
    }

    // Files may store the channels of a pixel together; models need one channel after another.
    private int Place(int stored)
    {
        if (!_layout.ChannelsLast) return stored;
        (int pixel, int channel) = Math.DivRem(stored, Image.Channels);
        return (channel * Image.Height * Image.Width) + pixel;
    }

    private void CheckRange(int index, ReadOnlySpan<float> pixels)
    {
        foreach (float pixel in pixels)
        {
            if (pixel is >= 0f and <= 1f) continue;
            throw new BadInputException(_path, null, null, string.Create(
                CultureInfo.InvariantCulture,
                $"image {index} has a pixel value of {_scale.ValueOf(pixel):G6}; allowed are {_scale.Black:R} to {_scale.White:R} "
                + $"(set by the fields black and white){Found()}"));
        }
    }

    private string Found()
    {
        StoredRange range = StoredRange.Of(_type, _bytes);
        string hint = (range.Smallest < _scale.Black ? FormattableString.Invariant($", for example black: {range.Smallest:G6}") : string.Empty)
            + (range.Largest <= _scale.White ? string.Empty
                : FormattableString.Invariant($"{(range.Smallest < _scale.Black ? " and" : ", for example")} white: {range.Largest:G6}"));
        return string.Create(CultureInfo.InvariantCulture, $"; the values are from {range.Smallest:G6} to {range.Largest:G6}{hint}");
    }
}
