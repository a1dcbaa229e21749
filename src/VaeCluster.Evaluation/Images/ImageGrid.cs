using VaeCluster.Core;

namespace VaeCluster.Evaluation.Images;

/// <summary>A grid of images of one size with gaps between them; small images are enlarged.</summary>
public sealed class ImageGrid
{
    private readonly ImageShape _image;
    private readonly ImageGridOptions _options;
    private readonly Raster _raster;

    /// <summary>Creates an empty grid; cells have the colour of the gaps until they are set.</summary>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="image">Size of each image.</param>
    /// <param name="options">Gap and enlargement.</param>
    public ImageGrid(int rows, int columns, ImageShape image, ImageGridOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _image = image;
        _options = options;
        Rows = rows;
        Columns = columns;
        int width = checked((columns * image.Width) + ((columns + 1) * options.Gap));
        int height = checked((rows * image.Height) + ((rows + 1) * options.Gap));
        _raster = new Raster(width, height, Raster.ChannelsOf(image));
        _raster.Bytes.AsSpan().Fill(options.GapGrey);
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Sets the image of a cell.</summary>
    /// <param name="row">From 0 at the top.</param>
    /// <param name="column">From 0 at the left.</param>
    /// <param name="pixels">The image, channel by channel; values are clamped to [0, 1], and NaN is black.</param>
    public void Set(int row, int column, ReadOnlySpan<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Columns, nameof(column));
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, _image.Pixels, nameof(pixels));
        int left = _options.Gap + (column * (_image.Width + _options.Gap));
        int top = _options.Gap + (row * (_image.Height + _options.Gap));
        int channels = _raster.Channels;
        int plane = _image.Height * _image.Width;
        for (int y = 0; y < _image.Height; y++)
        {
            Span<byte> target = _raster.Row(top + y).Slice(left * channels, _image.Width * channels);
            for (int channel = 0; channel < channels; channel++)
            {
                ReadOnlySpan<float> source = pixels.Slice((channel * plane) + (y * _image.Width), _image.Width);
                for (int x = 0; x < source.Length; x++) target[(x * channels) + channel] = ToByte(source[x]);
            }
        }
    }

    /// <summary>The whole image, enlarged by the smallest integer factor that satisfies the options.</summary>
    public Raster ToRaster()
    {
        int side = Math.Max(_image.Width, _image.Height);
        int factor = Math.Max(1, (_options.MinTile + side - 1) / side);
        return factor == 1 ? _raster : _raster.Enlarge(factor);
    }

    private static byte ToByte(float value) => float.IsNaN(value) ? (byte)0 : (byte)MathF.Floor((Math.Clamp(value, 0f, 1f) * 255f) + 0.5f);
}
