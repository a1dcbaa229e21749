namespace VaeCluster.Core.Numerics;

/// <summary>
/// Float64 functions for schedules, drawn shapes and evaluations that give the same bits on every machine; the platform's functions
/// depend on its C library. Reductions and polynomials are those of fdlibm (Sun Microsystems, 1993), evaluated with fused multiply-adds.
/// </summary>
public static class ScalarMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e^x, within 1 ulp; 0 and +∞ beyond float64's range, gradual underflow between.</summary>
    /// <param name="x">The exponent.</param>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.79) return double.PositiveInfinity;
        if (x < -745.14) return 0.0;

        double n = Math.Floor(Math.FusedMultiplyAdd(x, 1.44269504088896338700, 0.5));
        double high = Math.FusedMultiplyAdd(n, -Ln2High, x);
        double low = n * Ln2Low;
        double r = high - low;
        double z = r * r;
        double c = 4.13813679705723846039e-08;
        c = Math.FusedMultiplyAdd(c, z, -1.65339022054652515390e-06);
        c = Math.FusedMultiplyAdd(c, z, 6.61375632143793436117e-05);
        c = Math.FusedMultiplyAdd(c, z, -2.77777777770155933842e-03);
        c = Math.FusedMultiplyAdd(c, z, 1.66666666666666019037e-01);
        c = Math.FusedMultiplyAdd(-c, z, r);
        double y = 1.0 - ((low - r * c / (2.0 - c)) - high);
        return Math.ScaleB(y, (int)n);
    }

    /// <summary>The natural logarithm, within 1 ulp; −∞ at 0, NaN below 0.</summary>
    /// <param name="x">The argument.</param>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;

        int lift = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0;
            lift = -54;
        }

        // x = (1 + f)·2^e with 1 + f in [√½, √2).
        const long Root = 0x3fe6a09e667f3bcd;
        long bits = BitConverter.DoubleToInt64Bits(x) - Root;
        double e = (bits >> 52) + lift;
        double f = BitConverter.Int64BitsToDouble((bits & 0x000fffffffffffff) + Root) - 1.0;

        double s = f / (2.0 + f);
        double z = s * s;
        double p = 1.479819860511658591e-01;
        p = Math.FusedMultiplyAdd(p, z, 1.531383769920937332e-01);
        p = Math.FusedMultiplyAdd(p, z, 1.818357216161805012e-01);
        p = Math.FusedMultiplyAdd(p, z, 2.222219843214978396e-01);
        p = Math.FusedMultiplyAdd(p, z, 2.857142874366239149e-01);
        p = Math.FusedMultiplyAdd(p, z, 3.999999999940941908e-01);
        p = Math.FusedMultiplyAdd(p, z, 6.666666666666735130e-01);
        double half = 0.5 * f * f;
        double r = Math.FusedMultiplyAdd(e, Ln2Low, s * (half + p * z));
        return Math.FusedMultiplyAdd(e, Ln2High, f - (half - r));
    }

    /// <summary>The sine, within 2 ulp away from its zeros (absolute error below 2e-16 near them).</summary>
    /// <param name="x">The angle in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="x"/> is beyond ±2^20, where the range reduction loses precision.
    /// </exception>
    public static double Sin(double x) => Circular(x, 0);

    /// <summary>The cosine; see <see cref="Sin"/>.</summary>
    /// <param name="x">The angle in radians.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is beyond ±2^20.</exception>
    public static double Cos(double x) => Circular(x, 1);

    /// <summary>
    /// x^y. Integer exponents up to 2^31 use repeated squaring (relative error about |y| ulp), all others e^(y·log x)
    /// (about |y·log x| ulp).
    /// </summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    /// <returns>1 for a zero exponent; NaN for a negative base with a non-integer exponent.</returns>
    public static double Pow(double x, double y)
    {
        if (y == 0) return 1;
        if (Math.Abs(y) <= int.MaxValue && Math.Floor(y) == y) return Power(x, (int)y);
        return Exp(y * Log(x));
    }

    /// <summary>x^n by repeated squaring.</summary>
    /// <param name="x">The base.</param>
    /// <param name="n">The exponent.</param>
    public static double Power(double x, int n)
    {
        double result = 1;
        double square = x;
        for (uint left = (uint)Math.Abs((long)n); left != 0; left >>= 1)
        {
            if ((left & 1) != 0) result *= square;
            square *= square;
        }

        return n < 0 ? 1 / result : result;
    }

    // Subtracts quarter turns in three parts of π/2 (33 bits, 33 bits, the rest): n·part is exact up to 2^20.
    private static double Circular(double x, int quarter)
    {
        if (!double.IsFinite(x)) return double.NaN;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(x), 1 << 20, nameof(x));

        double n = Math.Floor(Math.FusedMultiplyAdd(x, 0.63661977236758138243, 0.5));
        double r = Math.FusedMultiplyAdd(n, -1.57079632673412561417, x);
        r = Math.FusedMultiplyAdd(n, -6.07710050630396597660e-11, r);
        r = Math.FusedMultiplyAdd(n, -2.02226624879595063154e-21, r);

        int quadrant = ((int)n + quarter) & 3;
        double value = (quadrant & 1) == 0 ? SinKernel(r) : CosKernel(r);
        return (quadrant & 2) == 0 ? value : -value;
    }

    private static double SinKernel(double r)
    {
        double z = r * r;
        double p = 1.58969099521155010221e-10;
        p = Math.FusedMultiplyAdd(p, z, -2.50507602534068634195e-08);
        p = Math.FusedMultiplyAdd(p, z, 2.75573137070700676789e-06);
        p = Math.FusedMultiplyAdd(p, z, -1.98412698298579493134e-04);
        p = Math.FusedMultiplyAdd(p, z, 8.33333333332248946124e-03);
        p = Math.FusedMultiplyAdd(p, z, -1.66666666666666324348e-01);
        return Math.FusedMultiplyAdd(p * z, r, r);
    }

    private static double CosKernel(double r)
    {
        double z = r * r;
        double p = -1.13596475577881948265e-11;
        p = Math.FusedMultiplyAdd(p, z, 2.08757232129817482790e-09);
        p = Math.FusedMultiplyAdd(p, z, -2.75573143513906633035e-07);
        p = Math.FusedMultiplyAdd(p, z, 2.48015872894767294178e-05);
        p = Math.FusedMultiplyAdd(p, z, -1.38888888888741095749e-03);
        p = Math.FusedMultiplyAdd(p, z, 4.16666666666666019037e-02);
        double half = 0.5 * z;
        double w = 1.0 - half;
        return w + (((1.0 - w) - half) + p * z * z);
    }
}
