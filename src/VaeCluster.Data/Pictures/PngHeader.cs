namespace VaeCluster.Data.Pictures;

/// <summary>What stands in a PNG's header.</summary>
/// <param name="Size">Width, height, and the channels that the picture will have.</param>
/// <param name="Depth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">What the samples of a pixel are.</param>
/// <param name="Interlaced">Whether it comes in seven passes.</param>
internal sealed record PngHeader(PictureSize Size, int Depth, PngColour Colour, bool Interlaced)
{
    /// <summary>Samples of a pixel.</summary>
    internal int Samples => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.RgbAlpha => 4, _ => 1 };

    /// <summary>How far back a filter looks for the pixel to the left, in bytes.</summary>
    internal int FilterBytes => Math.Max(1, Samples * Depth / 8);

    /// <summary>Bytes of a row, without its filter.</summary>
    /// <param name="width">Its pixels.</param>
    internal int RowBytes(int width) => (int)((((long)width * Samples * Depth) + 7) / 8);
}
