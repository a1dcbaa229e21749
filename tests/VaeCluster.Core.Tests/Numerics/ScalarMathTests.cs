using VaeCluster.Core.Numerics;

namespace VaeCluster.Core.Tests.Numerics;

public sealed class ScalarMathTests
{
    [Fact]
    public void Functions_agree_with_the_platform_to_a_few_ulp()
    {
        for (int i = 0; i <= 100_000; i++)
        {
            double t = i / 100_000.0;
            AssertClose(Math.Exp(-700 + 1400 * t), ScalarMath.Exp(-700 + 1400 * t), 2);
            AssertClose(Math.Log(0.01 + 3 * t), ScalarMath.Log(0.01 + 3 * t), 2);
            Assert.Equal(Math.Sin(-100 + 200 * t), ScalarMath.Sin(-100 + 200 * t), 3e-16);
            Assert.Equal(Math.Cos(-100 + 200 * t), ScalarMath.Cos(-100 + 200 * t), 3e-16);
            Assert.Equal(Math.Sin(1e6 * t), ScalarMath.Sin(1e6 * t), 3e-16);
        }
    }

    [Fact]
    public void Logarithms_cover_the_whole_range()
    {
        for (int power = -1074; power <= 1023; power++)
            AssertClose(Math.Log(Math.ScaleB(1.3, power)), ScalarMath.Log(Math.ScaleB(1.3, power)), 2);
    }

    [Fact]
    public void Powers_with_integer_and_other_exponents_agree_with_the_platform()
    {
        Assert.Equal(1024.0, ScalarMath.Pow(2, 10));
        Assert.Equal(-0.125, ScalarMath.Pow(-2, -3));
        Assert.Equal(1.0, ScalarMath.Pow(0, 0));
        Assert.Equal(Math.Pow(0.999, 5000), ScalarMath.Pow(0.999, 5000), 1e-14);
        Assert.Equal(Math.Pow(7.5, 0.3), ScalarMath.Pow(7.5, 0.3), 1e-14);
        Assert.True(double.IsNaN(ScalarMath.Pow(-2, 0.5)));
    }

    [Fact]
    public void Limits_are_exact()
    {
        Assert.Equal(double.PositiveInfinity, ScalarMath.Exp(double.PositiveInfinity));
        Assert.Equal(0.0, ScalarMath.Exp(double.NegativeInfinity));
        Assert.Equal(1.0, ScalarMath.Exp(0));
        Assert.True(ScalarMath.Exp(-745) > 0);
        Assert.Equal(double.NegativeInfinity, ScalarMath.Log(0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Log(double.PositiveInfinity));
        Assert.Equal(0.0, ScalarMath.Log(1));
        Assert.Equal(0.0, ScalarMath.Sin(0));
        Assert.Equal(1.0, ScalarMath.Cos(0));
        Assert.All(
            [ScalarMath.Log(-1), ScalarMath.Exp(double.NaN), ScalarMath.Sin(double.PositiveInfinity)],
            value => Assert.True(double.IsNaN(value)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScalarMath.Sin(1e7));
    }

    private static void AssertClose(double expected, double actual, int ulps)
    {
        double size = Math.Abs(expected);
        Assert.True(Math.Abs(actual - expected) <= ulps * (Math.BitIncrement(size) - size), $"{actual:R} instead of {expected:R}");
    }
}
