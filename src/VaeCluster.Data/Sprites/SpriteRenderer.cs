using VaeCluster.Core.Numerics;

namespace VaeCluster.Data.Sprites;

/// <summary>
/// Draws sprites as in the dSprites data: black and white without antialiasing; a pixel is on if its centre lies inside.
/// Uses float64 with our own sine and cosine, so every platform draws the same pixels.
/// </summary>
internal static class SpriteRenderer
{
    /// <summary>Rows and columns of an image.</summary>
    internal const int Side = 64;

    /// <summary>Number of orientations; the last repeats the first.</summary>
    internal const int Orientations = 40;

    /// <summary>Number of positions along each axis.</summary>
    internal const int Positions = 32;

    private static readonly (double Sin, double Cos)[] Rotations = TabulateRotations();

    /// <summary>Draws one sprite.</summary>
    /// <param name="pose">The sprite.</param>
    /// <param name="pixels">Receives 64·64 values, 0 or 1.</param>
    internal static void Draw(in SpritePose pose, Span<float> pixels)
    {
        pixels.Clear();
        switch (pose.Shape)
        {
            case 0:
                Draw<Square>(pose, pixels);
                break;
            case 1:
                Draw<Ellipse>(pose, pixels);
                break;
            default:
                Draw<Heart>(pose, pixels);
                break;
        }
    }

    // Only the sprite's bounding box is drawn; it is always inside the image, since centres are at least 16 pixels from the edges.
    private static void Draw<TSprite>(in SpritePose pose, Span<float> pixels) where TSprite : struct, ISprite
    {
        double cx = Centre(pose.X), cy = Centre(pose.Y);
        double scale = 0.5 + 0.1 * pose.Scale;
        (double sin, double cos) = Rotations[pose.Orientation];
        double reach = TSprite.Reach * scale;
        int left = (int)(cx - reach), right = (int)(cx + reach) + 1;
        int top = (int)(cy - reach), bottom = (int)(cy + reach) + 1;
        for (int row = top; row < bottom; row++)
        {
            double dy = row + 0.5 - cy;
            double sinDy = sin * dy, cosDy = cos * dy;
            Span<float> line = pixels.Slice(row * Side + left, right - left);
            for (int i = 0; i < line.Length; i++)
            {
                double dx = left + i + 0.5 - cx;
                line[i] = TSprite.Contains((cos * dx - sinDy) / scale, (sin * dx + cosDy) / scale) ? 1f : 0f;
            }
        }
    }

    private static double Centre(int position) => 16 + 32.0 * position / (Positions - 1);

    private static (double Sin, double Cos)[] TabulateRotations()
    {
        var table = new (double Sin, double Cos)[Orientations];
        for (int i = 0; i < Orientations - 1; i++)
        {
            double angle = 2 * Math.PI * i / (Orientations - 1);
            table[i] = (ScalarMath.Sin(angle), ScalarMath.Cos(angle));
        }

        table[^1] = table[0];
        return table;
    }
}
