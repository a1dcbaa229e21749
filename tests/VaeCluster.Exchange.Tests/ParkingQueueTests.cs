namespace VaeCluster.Exchange.Tests;

public sealed class ParkingQueueTests
{
    [Fact]
    public void What_was_queued_before_the_end_is_taken_in_order_and_nothing_after()
    {
        var queue = new ParkingQueue<int>();
        Assert.True(queue.TryAdd(1));
        Assert.True(queue.TryAdd(2));
        Assert.Equal(2, queue.Count);
        queue.Close();
        Assert.False(queue.TryAdd(3));
        Assert.True(queue.TryTake(out int item));
        Assert.Equal(1, item);
        Assert.True(queue.TryTake(out item));
        Assert.Equal(2, item);
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public void A_reader_that_sleeps_is_woken_by_every_item_and_by_the_end()
    {
        const int Items = 2_000;
        var queue = new ParkingQueue<int>();
        var taken = new List<int>();
        var reader = new Thread(() =>
        {
            while (queue.TryTake(out int item)) taken.Add(item);
        });
        reader.Start();
        for (int i = 0; i < Items; i++)
        {
            // Now and then the reader is let run dry.
            if (i % 7 == 0) Assert.True(SpinWait.SpinUntil(() => queue.Count == 0, TimeSpan.FromSeconds(30)));
            queue.TryAdd(i);
        }

        queue.Close();
        Assert.True(reader.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(Enumerable.Range(0, Items), taken);
    }
}
