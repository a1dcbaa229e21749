using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>
/// Transcendental functions on 16 float32 lanes that give the same bits on every machine: they use only exact or correctly rounded
/// operations in a fixed order. The platform's functions differ by vector width, span length and C library. The polynomials are those of
/// the Cephes library (S. Moshier, single precision). NaN stays NaN. Errors in units in the last place (ulp) are bounds checked by tests.
/// </summary>
public static class LaneMath
{
    /// <summary>e^x, within 1 ulp; 0 below about −104, +∞ above about 88.73, gradual underflow between.</summary>
    /// <param name="x">The exponents.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Written as selections, not Min and Max, so that NaN passes.
        Vector512<float> low = Vector512.Create(-104f);
        Vector512<float> high = Vector512.Create(89f);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, low), low, x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, high), high, x);

        // n = round(x / ln 2) in the low bits of a float near 1.5·2^23: exact and the same in any rounding hardware.
        Vector512<float> magic = Vector512.Create(12582912f);
        Vector512<float> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504088896341f), magic);
        Vector512<float> n = shifted - magic;
        Vector512<int> power = shifted.AsInt32() - magic.AsInt32();

        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);

        Vector512<float> p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;

        // 2^n in two factors: n reaches 128 and −150, beyond what one float's exponent holds; only the second product rounds.
        Vector512<int> bias = Vector512.Create(127);
        Vector512<int> half = Vector512.ShiftRightArithmetic(power, 1);
        Vector512<float> first = Vector512.ShiftLeft(half + bias, 23).AsSingle();
        Vector512<float> second = Vector512.ShiftLeft(power - half + bias, 23).AsSingle();
        return p * first * second;
    }

    /// <summary>The natural logarithm, within 1 ulp; −∞ at ±0, NaN below 0, +∞ at +∞.</summary>
    /// <param name="x">The arguments; denormals are handled exactly.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        Vector512<float> denormal = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        Vector512<float> scaled = Vector512.ConditionalSelect(denormal, x * Vector512.Create(8388608f), x);
        Vector512<float> lift = Vector512.ConditionalSelect(denormal, Vector512.Create(-23f), Vector512<float>.Zero);

        // x = m·2^e with m in [√½, √2).
        Vector512<int> root = Vector512.Create(0x3f3504f3);
        Vector512<int> bits = scaled.AsInt32() - root;
        Vector512<float> e = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23)) + lift;
        Vector512<float> f = ((bits & Vector512.Create(0x007fffff)) + root).AsSingle() - Vector512<float>.One;

        Vector512<float> p = Vector512.Create(7.0376836292e-2f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-1.1514610310e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(1.1676998740e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-1.2420140846e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(1.4249322787e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-1.6668057665e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(2.0000714765e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-2.4999993993e-1f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(3.3333331174e-1f));

        Vector512<float> square = f * f;
        Vector512<float> y = p * f * square;
        y = Vector512.FusedMultiplyAdd(e, Vector512.Create(-2.12194440e-4f), y);
        y = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), y);
        Vector512<float> result = Vector512.FusedMultiplyAdd(e, Vector512.Create(0.693359375f), f + y);

        Vector512<float> infinity = Vector512.Create(float.PositiveInfinity);
        result = Vector512.ConditionalSelect(Vector512.LessThan(x, infinity), result, x);
        result = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), -infinity, result);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512.Create(float.NaN), result);
    }

    /// <summary>The hyperbolic tangent, within 2 ulp; exactly odd, ±1 at ±∞.</summary>
    /// <param name="x">The arguments.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> size = Vector512.Abs(x);
        Vector512<float> z = x * x;
        Vector512<float> p = Vector512.Create(-5.70498872745e-3f);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.06390887954e-2f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-5.37397155531e-2f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.33314422036e-1f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-3.33332819422e-1f));
        Vector512<float> small = Vector512.FusedMultiplyAdd(p * z, x, x);

        Vector512<float> large = Vector512<float>.One - Vector512.Create(2f) / (Exp(size + size) + Vector512<float>.One);
        return WithSignOf(Vector512.ConditionalSelect(Vector512.LessThan(size, Vector512.Create(0.625f)), small, large), x);
    }

    /// <summary>1 / (1 + e^−x), within 2.5 ulp on both sides; 0 at −∞, 1 at +∞.</summary>
    /// <param name="x">The logits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        // e^−|x| cannot overflow, and e/(1 + e) keeps the precision of small probabilities that 1 − 1/(1 + e) would lose.
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, Vector512<float>.One);
        return numerator / (Vector512<float>.One + e);
    }

    /// <summary>log(1 + e^x), within 2.5 ulp; 0 at −∞, +∞ at +∞.</summary>
    /// <param name="x">The arguments.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        Vector512<float> positive = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512<float>.Zero);
        return positive + Log1pOfUnit(Exp(-Vector512.Abs(x)));
    }

    /// <summary><see cref="Softplus"/> and <see cref="Sigmoid"/> with one shared exponential; same bits as the separate calls.</summary>
    /// <param name="x">The logits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Softplus, Vector512<float> Sigmoid) SoftplusAndSigmoid(Vector512<float> x)
    {
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> positive = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512<float>.Zero);
        Vector512<float> numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, Vector512<float>.One);
        return (positive + Log1pOfUnit(e), numerator / (Vector512<float>.One + e));
    }

    /// <summary>sin(2πt) and cos(2πt), with absolute errors below 1e-7.</summary>
    /// <param name="turns">Angles in turns, in [0, 1]: the reduction to an eighth of a turn is then exact.</param>
    /// <returns>Sine and cosine.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sin, Vector512<float> Cos) SinCosTurns(Vector512<float> turns)
    {
        Vector512<float> quarters = turns * Vector512.Create(4f);
        Vector512<float> magic = Vector512.Create(12582912f);
        Vector512<float> shifted = quarters + magic;
        Vector512<int> quadrant = shifted.AsInt32() - magic.AsInt32();
        Vector512<float> a = (quarters - (shifted - magic)) * Vector512.Create(1.57079632679489662f);
        Vector512<float> z = a * a;

        Vector512<float> p = Vector512.Create(-1.9515295891e-4f);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(8.3321608736e-3f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.6666654611e-1f));
        Vector512<float> sin = Vector512.FusedMultiplyAdd(p * z, a, a);

        Vector512<float> q = Vector512.Create(2.443315711809948e-5f);
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-1.388731625493765e-3f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(4.166664568298827e-2f));
        q = Vector512.FusedMultiplyAdd(q, z, Vector512.Create(-0.5f));
        Vector512<float> cos = Vector512.FusedMultiplyAdd(q, z, Vector512<float>.One);

        // An odd quadrant swaps the two; quadrants 2, 3 negate the sine and 1, 2 the cosine.
        Vector512<float> odd = Vector512.Equals(quadrant & Vector512<int>.One, Vector512<int>.One).AsSingle();
        Vector512<int> sinSign = Vector512.ShiftLeft(quadrant & Vector512.Create(2), 30);
        Vector512<int> cosSign = Vector512.ShiftLeft((quadrant + Vector512<int>.One) & Vector512.Create(2), 30);
        Vector512<float> s = Vector512.ConditionalSelect(odd, cos, sin);
        Vector512<float> c = Vector512.ConditionalSelect(odd, sin, cos);
        return ((s.AsInt32() ^ sinSign).AsSingle(), (c.AsInt32() ^ cosSign).AsSingle());
    }

    /// <summary>log(1 + e) for e in [0, 1] as 2·artanh(e / (2 + e)), whose series needs eight terms on [0, ⅓].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log1pOfUnit(Vector512<float> e)
    {
        Vector512<float> s = e / (Vector512.Create(2f) + e);
        Vector512<float> z = s * s;
        Vector512<float> p = Vector512.Create(2f / 15f);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 13f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 11f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 9f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 7f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 5f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2f / 3f));
        return Vector512.FusedMultiplyAdd(p * z, s, s + s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> WithSignOf(Vector512<float> magnitude, Vector512<float> sign) =>
        Vector512.ConditionalSelect(Vector512.Create(int.MinValue).AsSingle(), sign, magnitude);
}
