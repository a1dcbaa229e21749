namespace VaeCluster.Data.Pictures;

/// <summary>One interlacing pass of a PNG: every n-th pixel of every m-th row.</summary>
/// <param name="Width">Pixels per row of the pass.</param>
/// <param name="Height">Number of rows in the pass.</param>
/// <param name="Left">Column of the first pixel.</param>
/// <param name="Top">Row of the first pixel.</param>
/// <param name="Across">Distance in columns between pixels.</param>
/// <param name="Down">Distance in rows between rows of the pass.</param>
internal readonly record struct PngPass(int Width, int Height, int Left, int Top, int Across, int Down)
{
    // Adam7: PNG specification, section 8.2.
    private static readonly (int Left, int Top, int Across, int Down)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The passes of a file, without empty ones, which the file omits.</summary>
    /// <param name="header">The file's header.</param>
    internal static IEnumerable<PngPass> Of(PngHeader header)
    {
        (int width, int height, _, _) = header.Size;
        if (!header.Interlaced) return [new PngPass(width, height, 0, 0, 1, 1)];
        return Adam7
            .Select(pass => new PngPass(
                (width - pass.Left + pass.Across - 1) / pass.Across, (height - pass.Top + pass.Down - 1) / pass.Down,
                pass.Left, pass.Top, pass.Across, pass.Down))
            .Where(pass => pass.Width > 0 && pass.Height > 0);
    }
}
