using VaeCluster.Training.Measuring;

namespace VaeCluster.Training.Tests.Measuring;

public class PercentilesTests
{
    [Fact]
    public void Are_those_of_the_values_in_any_order()
    {
        double[] values = [.. Enumerable.Range(0, 101).Select(i => (double)(i * 37 % 101))];
        Assert.Equal(new Percentiles(10, 50, 90), Percentiles.Of(values));
    }

    [Fact]
    public void Of_nothing_there_are_none() => Assert.Throws<ArgumentException>(() => Percentiles.Of([]));
}
