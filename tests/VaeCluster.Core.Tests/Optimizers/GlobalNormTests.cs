using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Optimizers;

public sealed class GlobalNormTests
{
    [Fact]
    public void Block_sums_computed_per_range_equal_those_of_the_whole()
    {
        var gradient = new float[5 * BlockPartition.BlockSize + 1234];
        new RandomStream(1, RandomPurpose.Score, 0, 0).FillNormal(gradient);
        var partition = new BlockPartition(gradient.Length);
        var whole = new double[partition.Count];
        GlobalNorm.BlockSquares(gradient, whole);

        foreach (int ranges in new[] { 1, 2, 3, 4, 9 })
        {
            var squares = new double[partition.Count];
            foreach (BlockRange range in partition.Cut(ranges))
                GlobalNorm.BlockSquares(gradient.AsSpan(range.Offset, range.Length), squares.AsSpan(range.FirstBlock, range.Blocks));
            Assert.Equal(whole, squares);
        }

        Assert.Equal(Math.Sqrt(gradient.Sum(value => (double)value * value)) / 128, GlobalNorm.Combine(whole, 1.0 / 128), 1e-9);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_has_a_norm_that_is_not_finite()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var gradient = new float[40];
            gradient[37] = bad;
            var squares = new double[1];
            GlobalNorm.BlockSquares(gradient, squares);
            Assert.False(double.IsFinite(GlobalNorm.Combine(squares, 1)));
        }
    }

    [Fact]
    public void Clipping_scales_only_gradients_above_the_limit()
    {
        Assert.Equal(1, GlobalNorm.ClipFactor(1e9, null));
        Assert.Equal(1, GlobalNorm.ClipFactor(0.5, 1));
        Assert.Equal(0.25, GlobalNorm.ClipFactor(4, 1), 1e-6);
        Assert.Equal(1, GlobalNorm.ClipFactor(0, 1));
    }
}
