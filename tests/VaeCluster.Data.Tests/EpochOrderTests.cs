using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core;

namespace VaeCluster.Data.Tests;

public sealed class EpochOrderTests
{
    [Fact]
    public void An_epoch_uses_every_example_at_most_once_and_drops_less_than_a_batch()
    {
        var cases = from count in Gen.Choose(1, 200)
                    from batch in Gen.Choose(1, count)
                    from epoch in Gen.Choose(1, 5)
                    select (Count: count, Batch: batch, Epoch: epoch);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var order = new EpochOrder(seed: 3, sample.Count, sample.Batch);
            int[] taken = Epoch(order, sample.Epoch, shards: 1);
            return taken.Length == taken.Distinct().Count()
                && taken.All(position => position >= 0 && position < sample.Count)
                && sample.Count - taken.Length < sample.Batch;
        }));
    }

    [Fact]
    public void The_batch_does_not_depend_on_the_number_of_shards()
    {
        var order = new EpochOrder(seed: 1, 100, 16);
        Assert.Equal(Epoch(order, 2, shards: 1), Epoch(order, 2, shards: 4));
        Assert.Equal(Epoch(order, 2, shards: 1), Epoch(order, 2, shards: 16));
    }

    [Fact]
    public void A_batch_does_not_depend_on_earlier_requests()
    {
        var forward = new EpochOrder(seed: 1, 50, 8);
        var jumping = new EpochOrder(seed: 1, 50, 8);
        int[][] expected = [.. Enumerable.Range(1, 4).Select(epoch => Epoch(forward, epoch, shards: 2))];
        foreach (int epoch in (int[])[4, 1, 3, 2, 4, 2])
            Assert.Equal(expected[epoch - 1], Epoch(jumping, epoch, shards: 2));
    }

    [Fact]
    public void Every_epoch_and_seed_has_its_own_order()
    {
        var order = new EpochOrder(seed: 1, 50, 10);
        Assert.NotEqual(Epoch(order, 1, shards: 1), Epoch(order, 2, shards: 1));
        Assert.NotEqual(Epoch(order, 1, shards: 1), Epoch(new EpochOrder(seed: 2, 50, 10), 1, shards: 1));
    }

    [Fact]
    public void Fewer_examples_than_a_batch_are_refused()
    {
        var fault = Assert.Throws<BadInputException>(() => new EpochOrder(seed: 1, 99, 100));
        Assert.Equal("training.batch", fault.Field);
        Assert.Contains("99", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_that_do_not_divide_the_batch_are_refused() =>
        Assert.Throws<ArgumentException>(() => new EpochOrder(seed: 1, 50, 10).Positions(1, 0, 0, shards: 4, new int[10]));

    private static int[] Epoch(EpochOrder order, int epoch, int shards)
    {
        int[] taken = new int[order.StepsPerEpoch * order.Batch];
        int size = order.Batch / shards;
        for (int step = 0; step < order.StepsPerEpoch; step++)
        {
            for (int shard = 0; shard < shards; shard++)
                order.Positions(epoch, step, shard, shards, taken.AsSpan(step * order.Batch + shard * size, size));
        }

        return taken;
    }
}
