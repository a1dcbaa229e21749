namespace VaeCluster.Data.Sprites;

/// <summary>
/// The heart curve u = 9.6 sin³t, v = −1.43 − 0.662·(13 cos t − 5 cos 2t − 2 cos 3t − cos 4t).
/// </summary>
/// <remarks>
/// With c = cos t the bracket is g(c) = E + c·O, where E = 4 − 2c² − 8c⁴ and O = 19 − 8c². A given u fixes c² = 1 − (u/9.6)^⅔, so
/// exactly two points of the curve lie above each other, at ±c, and O &gt; 0 orders them: a point is inside if
/// g(−c) ≤ w ≤ g(c) with w = (−1.43 − v)/0.662, that is if (w − E)² ≤ c²·O². No sine is needed, so every platform gives the same bits.
/// The two constants are the closest to a fit of the official rotated images that match the areas of all six upright ones.
/// </remarks>
internal readonly struct Heart : ISprite
{
    private const double HalfWidth = 9.6;
    private const double Lift = -1.43;
    private const double Stretch = 0.662;

    public static double Reach => 11.4;

    public static bool Contains(double u, double v)
    {
        double a = u / HalfWidth;
        if (Math.Abs(a) > 1)
            return false;
        double c2 = 1 - CubeRoot(a * a);
        double even = 4 - 2 * c2 - 8 * c2 * c2;
        double odd = 19 - 8 * c2;
        double distance = (Lift - v) / Stretch - even;
        return distance * distance <= c2 * odd * odd;
    }

    // Dividing the exponent by three gives a first guess (3 % off); each of three Halley steps cubes the error.
    // Math.Cbrt differs between platforms.
    private static double CubeRoot(double x)
    {
        const ulong ThirdOfBias = 0x2A9F_8B7C_EF1D_0DA0;
        double root = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(x) / 3 + ThirdOfBias);
        for (int i = 0; i < 3; i++)
        {
            double cube = root * root * root;
            root *= (cube + 2 * x) / (2 * cube + x);
        }

        return root;
    }
}
