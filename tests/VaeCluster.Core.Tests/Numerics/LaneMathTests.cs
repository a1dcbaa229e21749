using VaeCluster.Core.Numerics;

namespace VaeCluster.Core.Tests.Numerics;

public sealed class LaneMathTests
{
    private delegate void SpanFunction(ReadOnlySpan<float> x, Span<float> y);

    [Fact]
    public void Exp_is_within_1_ulp() => AssertWithin(1.0, VectorMath.Exp, Math.Exp, Range(-103.9, 88.7, 400_000));

    [Fact]
    public void Log_is_within_1_ulp()
    {
        AssertWithin(1.0, VectorMath.Log, Math.Log, Range(-149, 127, 200_000).Select(power => (float)Math.Pow(2, power)));
        AssertWithin(1.0, VectorMath.Log, Math.Log, Range(0.5, 2, 200_000));
    }

    [Fact]
    public void Tanh_is_within_2_ulp()
    {
        AssertWithin(2.0, VectorMath.Tanh, Math.Tanh, Range(-12, 12, 400_000));
        AssertWithin(2.0, VectorMath.Tanh, Math.Tanh, Range(-40, 0, 1000).Select(power => (float)Math.Pow(2, power)));
    }

    [Fact]
    public void Sigmoid_is_within_2_and_a_half_ulp() =>
        AssertWithin(2.5, VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Range(-103, 103, 400_000));

    [Fact]
    public void Softplus_is_within_2_and_a_half_ulp() =>
        AssertWithin(2.5, VectorMath.Softplus, x => Log1p(Math.Exp(x)), Range(-103, 103, 400_000));

    [Fact]
    public void Limits_are_exact()
    {
        float inf = float.PositiveInfinity;
        AssertBits(VectorMath.Exp, (inf, inf), (-inf, 0f), (0f, 1f), (-0f, 1f), (89f, inf), (-110f, 0f), (float.Epsilon, 1f));
        AssertBits(VectorMath.Log, (inf, inf), (0f, -inf), (-0f, -inf), (1f, 0f));
        AssertBits(VectorMath.Tanh, (inf, 1f), (-inf, -1f), (0f, 0f), (-0f, -0f), (float.Epsilon, float.Epsilon), (20f, 1f));
        AssertBits(VectorMath.Sigmoid, (inf, 1f), (-inf, 0f), (0f, 0.5f), (-0f, 0.5f));
        AssertBits(VectorMath.Softplus, (inf, inf), (-inf, 0f), (1e30f, 1e30f));
        Assert.True(float.IsNaN(At(VectorMath.Log, -1f)) && float.IsNaN(At(VectorMath.Log, -inf))
            && float.IsNaN(At(VectorMath.Log, -float.Epsilon)));
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        SpanFunction[] functions = [VectorMath.Exp, VectorMath.Log, VectorMath.Tanh, VectorMath.Sigmoid, VectorMath.Softplus];
        foreach (SpanFunction function in functions)
        {
            Assert.True(float.IsNaN(At(function, float.NaN)));
            Assert.True(float.IsNaN(At(function, -float.NaN)));
        }
    }

    [Fact]
    public void Sines_and_cosines_of_turns_are_within_1e_7()
    {
        for (int i = 0; i <= 1 << 16; i++)
        {
            float turns = i / (float)(1 << 16);
            var (sin, cos) = LaneMath.SinCosTurns(System.Runtime.Intrinsics.Vector512.Create(turns));
            Assert.Equal(Math.Sin(2 * Math.PI * turns), sin[3], 1e-7);
            Assert.Equal(Math.Cos(2 * Math.PI * turns), cos[3], 1e-7);
        }
    }

    [Fact]
    public void A_value_does_not_depend_on_its_position_in_a_span()
    {
        float[] x = [.. Range(-20, 20, 100)];
        float[] alone = [.. x.Select(value => At(VectorMath.Softplus, value))];
        for (int start = 0; start < 20; start++)
        {
            float[] y = new float[x.Length - start];
            VectorMath.Softplus(x.AsSpan(start), y);
            Assert.Equal(alone[start..], y);
        }
    }

    [Fact]
    public void Values_may_overwrite_the_arguments()
    {
        float[] x = [.. Range(-5, 5, 37)];
        var y = new float[37];
        VectorMath.Tanh(x, y);
        VectorMath.Tanh(x, x);
        Assert.Equal(y, x);
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => VectorMath.Exp(new float[3], new float[4]));

    // Math.Log(1 + x) loses precision for small x.
    private static double Log1p(double x) => x < 1e-5 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x);

    private static IEnumerable<float> Range(double from, double to, int points) =>
        Enumerable.Range(0, points).Select(i => (float)(from + (to - from) * i / (points - 1)));

    private static float At(SpanFunction function, float x)
    {
        Span<float> y = stackalloc float[1];
        function([x], y);
        return y[0];
    }

    private static void AssertBits(SpanFunction function, params (float X, float Y)[] cases)
    {
        foreach ((float x, float y) in cases)
            Assert.Equal(BitConverter.SingleToInt32Bits(y), BitConverter.SingleToInt32Bits(At(function, x)));
    }

    private static void AssertWithin(double ulps, SpanFunction function, Func<double, double> exact, IEnumerable<float> arguments)
    {
        float[] x = [.. arguments];
        var y = new float[x.Length];
        function(x, y);
        double worst = 0;
        float at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = exact(x[i]);
            float size = Math.Max(Math.Abs((float)expected), 1.17549435e-38f);
            double error = Math.Abs(y[i] - expected) / (MathF.BitIncrement(size) - size);
            if (!(error <= worst)) (worst, at) = (error, x[i]);
        }

        Assert.True(worst <= ulps, $"{worst:F3} ulp at {at:R}");
    }
}
