namespace VaeCluster.Data.Pictures;

/// <summary>The contents of a PNG header.</summary>
/// <param name="Size">Width, height, and the number of channels after decoding.</param>
/// <param name="Depth">Bits per sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">The colour type.</param>
/// <param name="Interlaced">Whether the image is interlaced (Adam7, seven passes).</param>
internal sealed record PngHeader(PictureSize Size, int Depth, PngColour Colour, bool Interlaced)
{
    /// <summary>Samples per pixel.</summary>
    internal int Samples => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.RgbAlpha => 4, _ => 1 };

    /// <summary>Distance in bytes to the pixel on the left, for filters.</summary>
    internal int FilterBytes => Math.Max(1, Samples * Depth / 8);

    /// <summary>Bytes per row, without the filter byte.</summary>
    /// <param name="width">Pixels per row.</param>
    internal int RowBytes(int width) => (int)((((long)width * Samples * Depth) + 7) / 8);
}

/// <summary>PNG's colour types; the numbers are those in the file.</summary>
internal enum PngColour
{
    /// <summary>Grey.</summary>
    Grey = 0,

    /// <summary>Red, green, blue.</summary>
    Rgb = 2,

    /// <summary>An index into the palette.</summary>
    Palette = 3,

    /// <summary>Grey and opacity.</summary>
    GreyAlpha = 4,

    /// <summary>Red, green, blue and opacity.</summary>
    RgbAlpha = 6,
}
