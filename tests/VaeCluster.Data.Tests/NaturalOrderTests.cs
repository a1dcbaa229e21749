using FsCheck;
using FsCheck.Fluent;

namespace VaeCluster.Data.Tests;

public sealed class NaturalOrderTests
{
    [Theory]
    [InlineData("2.png", "10.png")]
    [InlineData("a9b2", "a9b10")]
    [InlineData("img_099", "img_100")]
    [InlineData("1", "01")]
    [InlineData("1/10.png", "2/1.png")]
    [InlineData("B", "a")]
    [InlineData("9", "99999999999999999999999999")]
    [InlineData("a", "a1")]
    public void The_first_comes_before_the_second(string first, string second)
    {
        // "1" and "01" are the same number; the codes decide.
        (string small, string large) = first == "1" ? (second, first) : (first, second);
        Assert.True(NaturalOrder.Comparer.Compare(small, large) < 0);
        Assert.True(NaturalOrder.Comparer.Compare(large, small) > 0);
    }

    [Fact]
    public void It_is_a_total_order()
    {
        Gen<string> names = Gen.ArrayOf(Gen.Elements('0', '1', '2', '9', 'a', '/', '.', 'B')).Select(letters => new string(letters));
        Check.QuickThrowOnFailure(Prop.ForAll(names.Three().ToArbitrary(), three =>
        {
            (string a, string b, string c) = three;
            int ab = Math.Sign(NaturalOrder.Comparer.Compare(a, b)), bc = Math.Sign(NaturalOrder.Comparer.Compare(b, c));
            return ab == -Math.Sign(NaturalOrder.Comparer.Compare(b, a)) && (ab == 0) == (a == b)
                && (ab > 0 || bc > 0 || Math.Sign(NaturalOrder.Comparer.Compare(a, c)) <= 0);
        }));
    }
}
