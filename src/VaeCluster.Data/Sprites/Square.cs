namespace VaeCluster.Data.Sprites;

/// <summary>A square with a side length of 19.2.</summary>
internal readonly struct Square : ISprite
{
    private const double Half = 9.6;

    public static double Reach => 13.6;

    public static bool Contains(double u, double v) => Math.Abs(u) <= Half & Math.Abs(v) <= Half;
}
