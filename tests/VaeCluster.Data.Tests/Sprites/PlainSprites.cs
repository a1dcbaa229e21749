using VaeCluster.Data.Sprites;

namespace VaeCluster.Data.Tests.Sprites;

/// <summary>A direct implementation of the definition: tests every pixel, with the heart as a polygon along its curve.</summary>
internal static class PlainSprites
{
    private const int Corners = 40_000;

    private static readonly (double U, double V)[] Heart = [.. Enumerable.Range(0, Corners).Select(
        i => HeartPoint(2 * Math.PI * i / Corners))];

    public static bool IsInside(SpritePose pose, int column, int row)
    {
        double cx = 16 + 32.0 * pose.X / 31, cy = 16 + 32.0 * pose.Y / 31;
        double s = 0.5 + 0.1 * pose.Scale, theta = 2 * Math.PI * pose.Orientation / 39;
        double dx = column + .5 - cx, dy = row + .5 - cy;
        double u = (Math.Cos(theta) * dx - Math.Sin(theta) * dy) / s, v = (Math.Sin(theta) * dx + Math.Cos(theta) * dy) / s;
        return pose.Shape switch
        {
            0 => Math.Abs(u) <= 9.6 && Math.Abs(v) <= 9.6,
            1 => Math.Pow(u / 12.77, 2) + Math.Pow(v / 7.21, 2) <= 1,
            _ => Math.Abs(u) <= 9.6 && Math.Abs(v) <= 12 && IsInsideHeart(u, v),
        };
    }

    private static (double U, double V) HeartPoint(double t) => (
        9.6 * Math.Pow(Math.Sin(t), 3),
        -1.43 - 0.662 * (13 * Math.Cos(t) - 5 * Math.Cos(2 * t) - 2 * Math.Cos(3 * t) - Math.Cos(4 * t)));

    // Even-odd rule: how often a ray to the right crosses the outline.
    private static bool IsInsideHeart(double u, double v)
    {
        bool inside = false;
        for (int i = 0, j = Corners - 1; i < Corners; j = i++)
        {
            (double u1, double v1) = Heart[i];
            (double u2, double v2) = Heart[j];
            if (v1 > v != v2 > v && u < u1 + (u2 - u1) * (v - v1) / (v2 - v1))
                inside = !inside;
        }

        return inside;
    }
}
