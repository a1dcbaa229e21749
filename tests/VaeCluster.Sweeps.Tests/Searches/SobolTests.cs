using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Sweeps.Searches;

namespace VaeCluster.Sweeps.Tests.Searches;

public sealed class SobolTests
{
    // The first points of the first dimensions as printed by Joe and Kuo's program, in natural order.
    [Theory]
    [InlineData(0, new[] { 0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875 })]
    [InlineData(1, new[] { 0, 0.5, 0.75, 0.25, 0.625, 0.125, 0.375, 0.875 })]
    [InlineData(2, new[] { 0, 0.5, 0.75, 0.25, 0.875, 0.375, 0.125, 0.625 })]
    public void The_first_points_match_the_published_ones(int dimension, double[] expected)
    {
        double[] found = [.. Enumerable.Range(0, 8).Select(i => SobolSequence.At((uint)i, dimension) / 4294967296.0)];
        Assert.Equal(expected.Order(), found.Order());
        if (dimension < 2) Assert.Equal(expected, found);
    }

    [Fact]
    public void The_first_2_to_the_m_points_lie_in_different_parts_of_every_dimension()
    {
        for (int dimension = 0; dimension < SobolSequence.MostDimensions; dimension++)
        {
            for (int bits = 1; bits <= 10; bits++)
            {
                uint[] parts = [.. Enumerable.Range(0, 1 << bits).Select(i => SobolSequence.At((uint)i, dimension) >> (32 - bits)).Order()];
                Assert.Equal(Enumerable.Range(0, 1 << bits).Select(i => (uint)i), parts);
            }
        }
    }

    [Fact]
    public void The_first_two_dimensions_are_a_digital_net_also_when_shifted() =>
        Check.QuickThrowOnFailure(Prop.ForAll<uint, uint>((one, two) =>
    {
        const int Bits = 6;
        for (int split = 0; split <= Bits; split++)
        {
            IEnumerable<(uint, uint)> boxes =
                Enumerable.Range(0, 1 << Bits).Select(i => (Part(i, 0, one, split), Part(i, 1, two, Bits - split)));
            if (boxes.Distinct().Count() != 1 << Bits) return false;
        }

        return true;

        static uint Part(int i, int dimension, uint shift, int bits) =>
            bits == 0 ? 0 : (SobolSequence.At((uint)i, dimension) ^ shift) >> (32 - bits);
    }));

    [Fact]
    public void Pairs_of_dimensions_are_more_even_than_random_points()
    {
        // Warnock's formula for the L2 star discrepancy of 256 points.
        const int Count = 256;
        var random = new System.Random(1);
        double[] chance = [.. Enumerable.Range(0, 10).Select(
            _ => Discrepancy([.. Enumerable.Range(0, Count).Select(_ => (random.NextDouble(), random.NextDouble()))]))];
        var found = new List<double>();
        for (int one = 0; one < SobolSequence.MostDimensions; one += 3)
        {
            for (int two = one + 1; two < SobolSequence.MostDimensions; two += 4)
                found.Add(Discrepancy([.. Enumerable.Range(0, Count).Select(
                    i => (SobolSequence.At((uint)i, one) / 4294967296.0, SobolSequence.At((uint)i, two) / 4294967296.0))]));
        }

        Assert.True(found.Average() < 0.5 * chance.Average(), $"on average {found.Average()}, random {chance.Average()}");
        Assert.True(found.Count(discrepancy => discrepancy < chance.Average()) > 0.9 * found.Count);
    }

    private static double Discrepancy((double X, double Y)[] points)
    {
        int n = points.Length;
        double sum = 1.0 / 9;
        foreach ((double x, double y) in points) sum -= 2.0 / n * (1 - (x * x)) / 2 * ((1 - (y * y)) / 2);
        foreach ((double x, double y) in points)
            foreach ((double u, double v) in points) sum += (1 - Math.Max(x, u)) * (1 - Math.Max(y, v)) / ((double)n * n);
        return Math.Sqrt(sum);
    }
}
