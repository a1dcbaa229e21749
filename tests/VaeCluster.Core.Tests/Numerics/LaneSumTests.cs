using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Numerics;

public sealed class LaneSumTests
{
    [Fact]
    public void The_sum_has_the_documented_order_at_every_length()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte, uint>((length, seed) =>
        {
            float[] values = Values(length, seed);
            var lanes = new float[16];
            for (int i = 0; i < values.Length; i++) lanes[i % 16] += values[i];
            for (int half = 8; half >= 1; half /= 2)
            {
                for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
            }

            return BitConverter.SingleToInt32Bits(lanes[0]) == BitConverter.SingleToInt32Bits(LaneSum.Sum(values));
        }));
    }

    [Fact]
    public void Squares_are_summed_in_float64_in_the_same_order()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte, uint>((length, seed) =>
        {
            float[] values = Values(length, seed);
            var lanes = new double[16];
            for (int i = 0; i < values.Length; i++) lanes[i % 16] += (double)values[i] * values[i];
            for (int half = 8; half >= 1; half /= 2)
            {
                for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
            }

            return lanes[0].Equals(LaneSum.SumOfSquares(values));
        }));
    }

    [Fact]
    public void The_square_of_the_largest_float_does_not_overflow() =>
        Assert.Equal((double)float.MaxValue * float.MaxValue, LaneSum.SumOfSquares([float.MaxValue]));

    private static float[] Values(int length, uint seed)
    {
        var values = new float[length];
        new RandomStream(seed, RandomPurpose.Score, 0, 0).FillNormal(values);
        return values;
    }
}
