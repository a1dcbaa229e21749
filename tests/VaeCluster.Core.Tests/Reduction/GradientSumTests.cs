using VaeCluster.Core.Random;
using VaeCluster.Core.Reduction;

namespace VaeCluster.Core.Tests.Reduction;

public class GradientSumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1003)]
    public void Every_element_is_added_once(int length)
    {
        float[] left = Normal(length, 0), right = Normal(length, 1);
        float[] expected = [.. left.Zip(right, (a, b) => a + b)];
        GradientSum.Add(left, right);
        Assert.Equal(expected, left);
        Assert.Equal(Normal(length, 1), right);
    }

    [Fact]
    public void Different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => GradientSum.Add(new float[3], new float[4]));

    private static float[] Normal(int length, uint example)
    {
        var values = new float[length];
        new RandomStream(1, RandomPurpose.LatentNoise, 0, example).FillNormal(values);
        return values;
    }
}
