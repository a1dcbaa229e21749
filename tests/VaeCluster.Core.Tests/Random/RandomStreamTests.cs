using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Random;

public sealed class RandomStreamTests
{
    private static readonly RandomStream Stream = new(-7_000_000_000L, RandomPurpose.LatentNoise, Time: 12, Example: 59_999);

    [Fact]
    public void Words_match_the_scalar_definition_at_every_length()
    {
        for (int length = 0; length <= 200; length++)
        {
            var words = new uint[length];
            Stream.FillBits(words);
            for (int i = 0; i < length; i++) Assert.Equal(Word(Stream, i), words[i]);
        }
    }

    [Fact]
    public void A_short_fill_is_a_prefix_of_a_long_one()
    {
        var uniform = new float[200];
        var normal = new float[200];
        Stream.FillUniform(uniform);
        Stream.FillNormal(normal);
        for (int length = 0; length < 200; length++)
        {
            var shorter = new float[length];
            Stream.FillUniform(shorter);
            Assert.Equal(uniform[..length], shorter);
            Stream.FillNormal(shorter);
            Assert.Equal(normal[..length], shorter);
        }
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_24_bits()
    {
        var uniform = new float[100];
        Stream.FillUniform(uniform);
        for (int i = 0; i < uniform.Length; i++) Assert.Equal((Word(Stream, i) >> 8) / 16777216f, uniform[i]);
    }

    [Fact]
    public void Every_coordinate_changes_the_numbers()
    {
        RandomStream[] streams =
        [
            Stream,
            Stream with { Seed = Stream.Seed + 1 },
            Stream with { Seed = Stream.Seed + (1L << 32) },
            Stream with { Purpose = RandomPurpose.Shuffle },
            Stream with { Time = 13 },
            Stream with { Example = 0 },
        ];
        var firsts = new HashSet<uint>();
        foreach (RandomStream stream in streams)
        {
            var words = new uint[1];
            stream.FillBits(words);
            Assert.True(firsts.Add(words[0]));
        }
    }

    [Fact]
    public void A_draw_is_one_where_the_uniform_number_is_below_p()
    {
        for (int length = 0; length <= 130; length++)
        {
            var uniform = new float[length];
            var p = new float[length];
            Stream.FillUniform(uniform);
            (Stream with { Example = 1 }).FillUniform(p);
            float[] expected = [.. p.Select((value, i) => uniform[i] < value ? 1f : 0f)];

            Stream.FillBernoulli(p, p);

            Assert.Equal(expected, p);
        }
    }

    [Fact]
    public void Draws_with_probability_0_or_1_are_certain()
    {
        var draws = new float[10_000];
        Stream.FillBernoulli(new float[10_000], draws);
        Assert.All(draws, draw => Assert.Equal(0f, draw));
        Stream.FillBernoulli(Enumerable.Repeat(1f, 10_000).ToArray(), draws);
        Assert.All(draws, draw => Assert.Equal(1f, draw));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_and_tails_of_the_normal_distribution()
    {
        const int N = 1_000_000;
        var x = new float[N];
        Stream.FillNormal(x);

        // Five standard errors each: √(1/n), √(2/n), √(15/n), √(96/n).
        Assert.InRange(x.Average(v => (double)v), -0.005, 0.005);
        Assert.InRange(x.Average(v => (double)v * v), 1 - 0.0071, 1 + 0.0071);
        Assert.InRange(x.Average(v => Math.Pow(v, 3)), -0.0194, 0.0194);
        Assert.InRange(x.Average(v => Math.Pow(v, 4)), 3 - 0.049, 3 + 0.049);
        Assert.InRange(Share(v => v > 1), 0.15866 - 0.0019, 0.15866 + 0.0019);
        Assert.InRange(Share(v => v < -2), 0.02275 - 0.00075, 0.02275 + 0.00075);
        Assert.InRange(Share(v => Math.Abs(v) > 4), 0.0000633 - 0.00004, 0.0000633 + 0.00004);
        Assert.All(x, v => Assert.InRange(Math.Abs(v), 0, 6.67f));

        // The two numbers of a pair share a radius but must be uncorrelated.
        double products = 0;
        for (int i = 0; i < N; i += 2) products += (double)x[i] * x[i + 1];
        Assert.InRange(products / (N / 2), -0.0071, 0.0071);

        double Share(Func<float, bool> condition) => x.Count(condition) / (double)N;
    }

    [Fact]
    public void Normal_numbers_match_the_Box_Muller_formula()
    {
        var x = new float[4096];
        Stream.FillNormal(x);
        for (int i = 0; i < x.Length; i += 2)
        {
            double u = ((Word(Stream, i) >> 1) + 0.5) / (1L << 31);
            double angle = 2 * Math.PI * ((Word(Stream, i + 1) >> 8) / 16777216.0);
            double radius = Math.Sqrt(-2 * Math.Log(u));
            Assert.Equal(radius * Math.Cos(angle), x[i], 2e-6);
            Assert.Equal(radius * Math.Sin(angle), x[i + 1], 2e-6);
        }
    }

    // The weights of all earlier runs depend on these bits: a change here changes every result.
    [Fact]
    public void Normal_numbers_keep_their_bits()
    {
        var x = new float[4];
        new RandomStream(1, RandomPurpose.LatentNoise, 0, 0).FillNormal(x);
        Assert.Equal("bf1fbe47 bf96bcad 3e645e07 bfad5446", string.Join(
            ' ', x.Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8"))));
    }

    private static uint Word(RandomStream stream, int i)
    {
        var (x0, x1, x2, x3) = Philox4x32.Block(
            (uint)i / 4, stream.Example, stream.Time, (uint)stream.Purpose, (uint)stream.Seed, (uint)((ulong)stream.Seed >> 32));
        return (i % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }
}
