namespace VaeCluster.Data.Sprites;

/// <summary>An ellipse with half-axes of 12.8 and 7.2.</summary>
internal readonly struct Ellipse : ISprite
{
    private const double HalfWidth = 12.8;
    private const double HalfHeight = 7.2;

    public static double Reach => HalfWidth;

    public static bool Contains(double u, double v)
    {
        double a = u / HalfWidth, b = v / HalfHeight;
        return a * a + b * b <= 1;
    }
}
