using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Specs;

public class NumberTextTests
{
    [Theory]
    [InlineData("-2.5", -2.5)]
    [InlineData("+1e-3", 0.001)]
    [InlineData("1E2", 100)]
    [InlineData(".5", 0.5)]
    [InlineData("7", 7)]
    [InlineData("1e-400", 0)]
    public void A_number_has_a_decimal_point(string text, double value)
    {
        Assert.True(NumberText.TryRead(text, out double number));
        Assert.Equal(value, number);
    }

    [Theory]
    [InlineData("-2,5")]
    [InlineData("1,000.5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("(3)")]
    [InlineData(" 3")]
    [InlineData("3\n")]
    [InlineData("0x10")]
    [InlineData("٣")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1e")]
    public void What_is_no_finite_number_is_refused(string text) => Assert.False(NumberText.TryRead(text, out _));

    [Theory]
    [InlineData("-3", -3)]
    [InlineData("+7", 7)]
    [InlineData("007", 7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void A_whole_number_has_digits_and_a_sign(string text, long value)
    {
        Assert.True(NumberText.TryReadWhole(text, out long number));
        Assert.Equal(value, number);
    }

    [Theory]
    [InlineData("1,000")]
    [InlineData("3.0")]
    [InlineData("3e0")]
    [InlineData("(3)")]
    [InlineData("3-")]
    [InlineData(" 3")]
    [InlineData("3 ")]
    [InlineData("0x1")]
    [InlineData("9223372036854775808")]
    [InlineData("")]
    public void What_is_no_whole_number_is_refused(string text) => Assert.False(NumberText.TryReadWhole(text, out _));
}
