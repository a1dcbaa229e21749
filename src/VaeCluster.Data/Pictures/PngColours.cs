using System.Buffers.Binary;
using System.Numerics;
using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Converts the samples of PNG rows to grey or RGB samples of 8 or 16 bits; transparent pixels are blended with black.</summary>
internal sealed class PngColours
{

    private readonly string _path;
    private readonly PngHeader _header;
    private readonly byte[] _palette;
    private readonly byte[] _paletteOpacity;
    private readonly int[]? _transparent;

    /// <summary>Prepares the colours of one file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="header">Its header.</param>
    /// <param name="palette">Red, green and blue of each colour; null if there is no palette.</param>
    /// <param name="transparency">The contents of the tRNS chunk; null if there is none.</param>
    internal PngColours(string path, PngHeader header, byte[]? palette, byte[]? transparency)
    {
        _path = path;
        _header = header;
        _palette = palette ?? [];
        _paletteOpacity = header.Colour == PngColour.Palette ? transparency ?? [] : [];
        if (transparency is null || header.Colour is not (PngColour.Grey or PngColour.Rgb)) return;
        if (transparency.Length != header.Samples * sizeof(ushort))
            throw new BadInputException(path, null, null, "has a damaged tRNS chunk");
        _transparent = [.. Enumerable.Range(0, header.Samples).Select(
            i => (int)BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * i)))];
    }

    /// <summary>Writes one row of a pass to the image.</summary>
    /// <param name="row">Its unfiltered bytes.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="y">The row's number in the pass.</param>
    /// <param name="picture">The image's samples: words if the file has 16 bits, otherwise bytes.</param>
    internal void WriteRow<T>(ReadOnlySpan<byte> row, PngPass pass, int y, Span<T> picture)
        where T : unmanaged, IBinaryInteger<T>
    {
        int channels = _header.Size.Channels;
        Span<int> samples = stackalloc int[_header.Samples];
        int target = ((((pass.Top + (y * pass.Down)) * _header.Size.Width) + pass.Left) * channels);
        for (int x = 0; x < pass.Width; x++, target += pass.Across * channels)
        {
            for (int i = 0; i < samples.Length; i++) samples[i] = Sample(row, (x * samples.Length) + i);
            if (_header.Colour == PngColour.Palette) WriteIndexed(samples[0], picture.Slice(target, channels));
            else WriteSamples(samples, picture.Slice(target, channels));
        }
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        int depth = _header.Depth;
        if (depth == 8) return row[index];
        if (depth == 16) return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
        int bit = index * depth;
        return (row[bit / 8] >> (8 - depth - (bit % 8))) & ((1 << depth) - 1);
    }

    private void WriteIndexed<T>(int index, Span<T> pixel)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (index >= _palette.Length / 3) throw new BadInputException(
            _path, null, null, $"is damaged: a pixel has colour index {index}, but the palette has {_palette.Length / 3} colours");
        int opacity = index < _paletteOpacity.Length ? _paletteOpacity[index] : byte.MaxValue;
        for (int i = 0; i < pixel.Length; i++) pixel[i] = T.CreateTruncating(OnBlack(_palette[(3 * index) + i], opacity));
    }

    private void WriteSamples<T>(ReadOnlySpan<int> samples, Span<T> pixel)
        where T : unmanaged, IBinaryInteger<T>
    {
        int opacity = samples.Length > pixel.Length ? ToLevel(samples[^1]) : _transparent is not null
            && samples.SequenceEqual(_transparent) ? 0 : _header.Size.Largest;
        for (int i = 0; i < pixel.Length; i++) pixel[i] = T.CreateTruncating(OnBlack(ToLevel(samples[i]), opacity));
    }

    // Exact for every depth: 1, 2, 4 and 8 bits have their levels among 256, and 16 bits stay.
    private int ToLevel(int sample)
    {
        int largest = (1 << _header.Depth) - 1;
        return largest == _header.Size.Largest ? sample : ((sample * byte.MaxValue) + (largest / 2)) / largest;
    }

    private int OnBlack(int value, int opacity)
    {
        long opaque = _header.Size.Largest;
        return (int)((((long)value * opacity) + (opaque / 2)) / opaque);
    }
}
