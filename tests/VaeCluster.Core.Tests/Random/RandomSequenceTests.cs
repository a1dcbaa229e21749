using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Random;

public sealed class RandomSequenceTests
{
    private static readonly RandomStream Stream = new(3, RandomPurpose.Score, 0, 0);

    [Fact]
    public void Words_are_read_in_stream_order()
    {
        var words = new uint[150];
        Stream.FillBits(words);
        var sequence = new RandomSequence(Stream);
        Assert.All(words, word => Assert.Equal(word, sequence.NextBits()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Bounded_draws_are_equally_likely(int bound)
    {
        const int N = 100_000;
        var sequence = new RandomSequence(Stream);
        var counts = new int[bound];
        for (int i = 0; i < N; i++) counts[sequence.Below(bound)]++;

        double expected = (double)N / bound;
        Assert.All(counts, count => Assert.InRange(count, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected)));
    }

    // Without rejection, residues 0 and 1 of this bound would be drawn in the ratio 2 : 1.
    [Fact]
    public void A_bound_that_does_not_divide_the_word_range_gives_no_bias()
    {
        const int N = 30_000;
        const int Bound = int.MaxValue;
        var sequence = new RandomSequence(Stream);
        int low = 0;
        for (int i = 0; i < N; i++)
        {
            if (sequence.Below(Bound) < Bound / 3) low++;
        }

        Assert.InRange(low, N / 3 - 450, N / 3 + 450);
    }

    [Fact]
    public void Uniform_numbers_have_53_bits_in_the_unit_interval()
    {
        var sequence = new RandomSequence(Stream);
        double[] values = [.. Enumerable.Range(0, 10_000).Select(_ => sequence.NextUniform())];
        Assert.All(values, value => Assert.InRange(value, 0, 1 - 1.0 / (1L << 53)));
        Assert.InRange(values.Average(), 0.5 - 0.0145, 0.5 + 0.0145);
    }

    [Fact]
    public void An_empty_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RandomSequence(Stream).Below(0));
}
