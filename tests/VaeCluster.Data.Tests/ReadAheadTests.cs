using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Tests;

public sealed class ReadAheadTests
{
    private const int Batch = 8;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    [InlineData(8, 1)]
    public void Shards_taken_in_any_order_are_correct(int shards, int depth)
    {
        var data = new CountingDataset(50);
        var order = new EpochOrder(seed: 4, 50, Batch);
        using var reader = new ReadAhead(SplitOf(data), order, Batch / shards, depth);
        // Forward, across the end of an epoch, back as after a resume, and with jumps.
        (int, int)[] steps = [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (2, 0), (2, 1), (1, 3), (1, 4), (9, 2), (9, 3), (2, 0)];
        foreach ((int epoch, int step) in steps)
        {
            for (int shard = 0; shard < shards; shard++)
                Verify(reader, order, epoch, step, shard, shards);
        }
    }

    [Fact]
    public void Several_threads_can_take_shards_concurrently()
    {
        var order = new EpochOrder(seed: 4, 50, Batch);
        using var reader = new ReadAhead(SplitOf(new CountingDataset(50)), order, Batch / 4, depth: 2);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, shard =>
        {
            for (int epoch = 1; epoch <= 40; epoch++)
            {
                for (int step = 0; step < order.StepsPerEpoch; step++)
                    Verify(reader, order, epoch, step, shard, shards: 4);
            }
        });
    }

    [Fact]
    public void The_next_shard_is_read_ahead()
    {
        var data = new CountingDataset(50);
        var order = new EpochOrder(seed: 4, 50, Batch);
        using var reader = new ReadAhead(SplitOf(data), order, Batch, depth: 1);
        Verify(reader, order, 1, 0, shard: 0, shards: 1);

        data.WaitFor(2 * Batch);
        Verify(reader, order, 1, 1, shard: 0, shards: 1);
        // The second step came from the buffer; since then only the third has been read, and nothing beyond the depth.
        data.WaitFor(3 * Batch);
        Assert.Equal(3 * Batch, data.Reads);
    }

    [Fact]
    public void An_error_while_reading_ahead_is_thrown_when_the_shard_is_taken()
    {
        var data = new CountingDataset(50);
        var order = new EpochOrder(seed: 4, 50, Batch);
        using var reader = new ReadAhead(SplitOf(data), order, Batch, depth: 1);
        int[] second = new int[Batch];
        order.Positions(1, 1, 0, 1, second);
        data.Broken = second[3];

        Verify(reader, order, 1, 0, shard: 0, shards: 1);
        var fault = Assert.Throws<BadInputException>(() => reader.Take(1, 1, 0, new float[Batch], new int[Batch]));
        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);

        data.Broken = -1;
        Verify(reader, order, 1, 1, shard: 0, shards: 1);
    }

    [Fact]
    public void Taking_shards_allocates_nothing_in_steady_state()
    {
        var order = new EpochOrder(seed: 4, 800, Batch);
        using var reader = new ReadAhead(SplitOf(new CountingDataset(800)), order, Batch, depth: 1);
        float[] pixels = new float[Batch];
        int[] ids = new int[Batch];
        int next = 0;
        TakeSteps();
        Assert.Equal(0, Allocation.Of(TakeSteps));

        void TakeSteps()
        {
            for (int end = next + 15; next < end; next++) reader.Take(1, next, 0, pixels, ids);
        }
    }

    [Fact]
    public void Taking_a_shard_after_Dispose_throws()
    {
        var reader = new ReadAhead(SplitOf(new CountingDataset(50)), new EpochOrder(seed: 4, 50, Batch), Batch, depth: 1);
        reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reader.Take(1, 0, 0, new float[Batch], new int[Batch]));
    }

    private static Split SplitOf(IDataset data) =>
        new("training", data, data.Count, ids: null, new Binarizer(Binarization.None, 1, Fixed: false));

    private static void Verify(ReadAhead reader, EpochOrder order, int epoch, int step, int shard, int shards)
    {
        int size = Batch / shards;
        int[] expected = new int[size], ids = new int[size];
        float[] pixels = new float[size];
        order.Positions(epoch, step, shard, shards, expected);
        reader.Take(epoch, step, shard, pixels, ids);
        Assert.Equal(expected, ids);
        Assert.Equal(expected.Select(id => (float)id), pixels);
    }

    /// <summary>One-pixel images whose value is their index.</summary>
    private sealed class CountingDataset(int count) : IDataset
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<int, TaskCompletionSource> _waiters = [];

        public string Name => "counting";

        public int Count { get; } = count;

        public ImageShape Image => new(1, 1, 1);

        public volatile int Broken = -1;

        public int Reads { get; private set; }

        public void Read(int index, Span<float> pixels)
        {
            if (index == Broken)
                throw new BadInputException("counting", null, null, "is damaged");
            pixels[0] = index;
            lock (_lock)
            {
                Reads++;
                if (_waiters.Remove(Reads, out TaskCompletionSource? waiter))
                    waiter.SetResult();
            }
        }

        public string Fingerprint() => string.Empty;

        public void WaitFor(int reads)
        {
            Task reached;
            lock (_lock)
            {
                if (Reads >= reads)
                    return;
                reached = (_waiters[reads] = new TaskCompletionSource()).Task;
            }

            reached.GetAwaiter().GetResult();
        }
    }
}
