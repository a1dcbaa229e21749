using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Random;

public sealed class PermutationTests
{
    [Fact]
    public void Every_number_appears_once()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<ushort, long, uint>((length, seed, time) =>
        {
            var order = new int[length % 2000];
            Permutation.Fill(order, seed, RandomPurpose.Shuffle, time);
            return order.Order().SequenceEqual(Enumerable.Range(0, order.Length));
        }));
    }

    [Fact]
    public void The_same_coordinates_give_the_same_order_and_others_a_different_one()
    {
        Assert.Equal(Order(5, 1), Order(5, 1));
        Assert.NotEqual(Order(5, 1), Order(5, 2));
        Assert.NotEqual(Order(5, 1), Order(6, 1));
    }

    [Fact]
    public void Every_order_of_three_is_equally_likely()
    {
        var counts = new Dictionary<string, int>();
        for (uint time = 0; time < 60_000; time++)
        {
            var order = new int[3];
            Permutation.Fill(order, 1, RandomPurpose.Shuffle, time);
            string key = string.Join(',', order);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 457, 10_000 + 457));
    }

    private static int[] Order(long seed, uint time)
    {
        var order = new int[1000];
        Permutation.Fill(order, seed, RandomPurpose.Shuffle, time);
        return order;
    }
}
