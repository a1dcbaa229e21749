using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>
/// The continuous Bernoulli distribution, p(x) ∝ e^(l·x) on [0, 1], from its logit l: the logarithm of its normaliser A(l) = log((e^l −
/// 1)/l), its mean A′(l) and its variance A″(l). At l = 0 the formulas are 0/0 and near it they lose precision, so for |l| below 1 the
/// Taylor series about 0 is used; five terms leave errors below 1e-9.
/// </summary>
public static class ContinuousBernoulli
{
    // A(l) − l/2 = log(sinh(l/2)/(l/2)) = Σ c·l^2n; mean and variance are its derivatives.
    private const double A2 = 1.0 / 24, A4 = -1.0 / 2880, A6 = 1.0 / 181_440, A8 = -1.0 / 9_676_800, A10 = 1.0 / 479_001_600;

    /// <summary>A(l), with absolute errors below 2e-7·max(1, |A|).</summary>
    /// <param name="logit">The logits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LogNormalizer(Vector512<float> logit)
    {
        Vector512<float> z = logit * logit;
        Vector512<float> p = Series(z, (float)A10, (float)A8, (float)A6, (float)A4, (float)A2);
        Vector512<float> near = Vector512.FusedMultiplyAdd(p, z, logit * Vector512.Create(0.5f));

        // log((1 − e^−|l|)/|l|), and l itself where it is positive: nothing overflows, nothing cancels.
        Vector512<float> size = Vector512.Abs(logit);
        Vector512<float> far = Positive(logit) + LaneMath.Log((Vector512<float>.One - LaneMath.Exp(-size)) / size);
        return Vector512.ConditionalSelect(IsNear(size), near, far);
    }

    /// <summary>The mean A′(l) = 1/(1 − e^−l) − 1/l, with absolute errors below 2e-7; small values keep their relative precision.</summary>
    /// <param name="logit">The logits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Mean(Vector512<float> logit)
    {
        Vector512<float> z = logit * logit;
        Vector512<float> p = Series(z, (float)(10 * A10), (float)(8 * A8), (float)(6 * A6), (float)(4 * A4), (float)(2 * A2));
        Vector512<float> near = Vector512.FusedMultiplyAdd(p, logit, Vector512.Create(0.5f));

        Vector512<float> size = Vector512.Abs(logit), e = LaneMath.Exp(-size);
        Vector512<float> below = (Vector512<float>.One / size) - (e / (Vector512<float>.One - e));
        Vector512<float> far =
            Vector512.ConditionalSelect(Vector512.LessThan(logit, Vector512<float>.Zero), below, Vector512<float>.One - below);
        return Vector512.ConditionalSelect(IsNear(size), near, far);
    }

    /// <summary>The variance A″(l) = 1/l² − e^−|l|/(1 − e^−|l|)², with absolute errors below 3e-7.</summary>
    /// <param name="logit">The logits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Variance(Vector512<float> logit)
    {
        Vector512<float> near = Series(
            logit * logit, (float)(90 * A10), (float)(56 * A8), (float)(30 * A6), (float)(12 * A4), (float)(2 * A2));
        Vector512<float> size = Vector512.Abs(logit), e = LaneMath.Exp(-size), rest = Vector512<float>.One - e;
        Vector512<float> inverse = Vector512<float>.One / size;
        return Vector512.ConditionalSelect(IsNear(size), near, (inverse * inverse) - (e / (rest * rest)));
    }

    /// <summary>A(l) in float64.</summary>
    /// <param name="logit">The logit.</param>
    public static double LogNormalizer(double logit)
    {
        double size = Math.Abs(logit), z = logit * logit;
        return size < Near
            ? (0.5 * logit) + (z * Series(z, 1.0 / 24, -1.0 / 2880, 1.0 / 181_440, -1.0 / 9_676_800))
            : Math.Max(logit, 0) + ScalarMath.Log((1 - ScalarMath.Exp(-size)) / size);
    }

    /// <summary>The mean in float64.</summary>
    /// <param name="logit">The logit.</param>
    public static double Mean(double logit)
    {
        double size = Math.Abs(logit);
        if (size < Near) return 0.5 + (logit * Series(logit * logit, 1.0 / 12, -1.0 / 720, 1.0 / 30_240, -1.0 / 1_209_600));
        double e = ScalarMath.Exp(-size), below = (1 / size) - (e / (1 - e));
        return logit < 0 ? below : 1 - below;
    }

    /// <summary>The variance in float64.</summary>
    /// <param name="logit">The logit.</param>
    public static double Variance(double logit)
    {
        double size = Math.Abs(logit);
        if (size < Near) return Series(logit * logit, 1.0 / 12, -1.0 / 240, 1.0 / 6048, -1.0 / 172_800);
        double e = ScalarMath.Exp(-size);
        return (1 / (size * size)) - (e / ((1 - e) * (1 - e)));
    }

    // In float64 the formulas stay precise down to this |l|; below it, four terms are exact to 1e-13.
    private const double Near = 0.05;

    private static double Series(double z, double first, double second, double third, double fourth) =>
        first + (z * (second + (z * (third + (z * fourth)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Series(Vector512<float> z, float last, float fourth, float third, float second, float first)
    {
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(last), z, Vector512.Create(fourth));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(third));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(second));
        return Vector512.FusedMultiplyAdd(p, z, Vector512.Create(first));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> IsNear(Vector512<float> size) => Vector512.LessThan(size, Vector512<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Positive(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512<float>.Zero);
}
