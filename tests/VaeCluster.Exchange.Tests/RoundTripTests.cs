using FsCheck.Fluent;
using VaeCluster.Training.Steps;

namespace VaeCluster.Exchange.Tests;

public sealed class RoundTripTests
{
    private const int Piece = 1 << 18;

    private static TensorHeader Gradient(int step, int offset = 0, int total = 0) => new()
    {
        Kind = TensorKind.Gradient,
        Run = 0xFEDCBA9876543210,
        Generation = 3,
        Step = step,
        Range = 2,
        Part = 5,
        Offset = offset,
        Total = total,
        Terms = new LossTerms(1.5, double.NaN, double.NegativeInfinity),
    };

    [Fact]
    public void Tensors_of_any_length_arrive_bit_for_bit_non_finite_numbers_included()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        int step = 0;
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<ushort, uint>((length, seed) =>
        {
            float[] data = TestSilo.Numbers(length + 1, seed);
            Assert.Null(TestSilo.Send(sender, Gradient(++step), data));
            return TestSilo.SameBits(data, silo.Inbox.Whole());
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData((3 * Piece) + 123)]
    [InlineData(5_000_011)]
    public void A_tensor_is_cut_into_full_pieces_and_a_rest(int length)
    {
        using var silo = new TestSilo();
        float[] data = TestSilo.Numbers(length);
        Assert.Null(TestSilo.Send(silo.Sender(), Gradient(1, offset: 10, total: length + 20), data));
        for (int done = 0; done < length; done += Piece)
        {
            TensorHeader expected = Gradient(1) with
            {
                Offset = 10 + done,
                Count = Math.Min(Piece, length - done),
                Total = length + 20,
            };
            Assert.Equal(("silo-1", expected), silo.Inbox.Next());
        }

        Assert.True(silo.Inbox.NothingMore);
        Assert.True(TestSilo.SameBits(data, silo.Inbox.Get(Gradient(1), "silo-1")[10..^10]));
    }

    [Fact]
    public void An_empty_tensor_and_one_outside_its_whole_are_refused_at_once()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        Assert.Throws<ArgumentException>(() => sender.Post(Gradient(1), default, null));
        Assert.Throws<ArgumentException>(() => sender.Post(Gradient(1, offset: 1), new float[4], null));
        Assert.Throws<ArgumentException>(() => sender.Post(Gradient(1, offset: -1, total: 9), new float[4], null));
        Assert.Throws<ArgumentException>(() => sender.Post(Gradient(1, offset: int.MaxValue, total: 9), new float[4], null));
        Assert.Throws<ArgumentException>(() => sender.Post(default, new float[4], null));
        Assert.Equal(0, sender.QueuedBytes);
    }

    [Fact]
    public void Refused_pieces_are_dropped_and_the_next_ones_received()
    {
        using var silo = new TestSilo(new Inbox { Refuses = header => header.Step == 1 || header.Offset == Piece });
        TensorSender sender = silo.Sender();
        float[] data = TestSilo.Numbers((2 * Piece) + 9);
        Assert.Null(TestSilo.Send(sender, Gradient(1), data));
        Assert.Null(TestSilo.Send(sender, Gradient(2), data));
        TensorHeader first = silo.Inbox.Next().Header;
        Assert.Equal((2, 0), (first.Step, first.Offset));
        float[] got = silo.Inbox.Whole();
        Assert.Equal(6, silo.Inbox.Asked);
        Assert.True(TestSilo.SameBits(data[..Piece], got[..Piece]));
        Assert.Equal(new float[Piece], got[Piece..(2 * Piece)]);
        Assert.True(TestSilo.SameBits(data[^9..], got[^9..]));
    }

    [Fact]
    public void Two_senders_at_once_do_not_mix()
    {
        using var silo = new TestSilo();
        TensorSender[] senders = [.. ((string[])["a", "b"]).Select(name => silo.Sender(change: options => options with { Name = name }))];
        float[][] data = [TestSilo.Numbers(Piece + 3, 1), TestSilo.Numbers(Piece + 3, 77)];
        const int Rounds = 10;
        for (int step = 0; step < Rounds; step++)
            for (int i = 0; i < 2; i++) senders[i].Post(Gradient(step), data[i], null);
        var last = ((string[])["a", "b"]).ToDictionary(name => name, _ => -1);
        for (int pieces = 0; pieces < 4 * Rounds; pieces++)
        {
            (string peer, TensorHeader header) = silo.Inbox.Next();
            if (header.Offset > 0) Assert.Equal(header.Step, ++last[peer]);
        }

        for (int i = 0; i < 2; i++)
        {
            senders[i].Post(Gradient(Rounds), data[i], null);
            Assert.True(TestSilo.SameBits(data[i], silo.Inbox.Whole()));
        }
    }

    [Fact]
    public void Queued_bytes_fall_to_zero_before_the_last_poster_is_told()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        long queued = -1;
        using var told = new ManualResetEventSlim();
        for (int i = 0; i < 5; i++) sender.Post(Gradient(i), new float[1000], null);
        sender.Post(Gradient(5), new float[1000], _ =>
        {
            queued = sender.QueuedBytes;
            told.Set();
        });
        Assert.True(told.Wait(Inbox.Patience));
        Assert.Equal(0, queued);
    }

    [Fact]
    public void A_sender_whose_callback_throws_goes_on()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        sender.Post(Gradient(1), new float[1], _ => throw new InvalidOperationException("told too much"));
        Assert.Null(TestSilo.Send(sender, Gradient(2), new float[1]));
        silo.Said("told too much");
    }

    [Fact]
    public void Neither_thread_allocates_for_a_piece()
    {
        var quiet = new QuietReceiver(Piece + 5);
        var options = new ExchangeOptions
        {
            Secret = TestSilo.Secret,
            ClusterId = "test",
            Name = "quiet",
        };
        using var listener = new TensorListener(new(System.Net.IPAddress.Loopback, 0), quiet, options);
        using var sender = new TensorSender("127.0.0.1", listener.EndPoint.Port, options);
        var data = new float[Piece + 5];
        long sending = 0;
        Action<Exception?> sent = _ => sending = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) quiet.WaitAfter(() => sender.Post(Gradient(i), data, sent));

        // The least of a few attempts: see Allocation.
        long sendingLeast = long.MaxValue, receivingLeast = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            (long sendingBefore, long receivingBefore) = (sending, quiet.Allocated);
            for (int i = 0; i < 200; i++) quiet.WaitAfter(() => sender.Post(Gradient(i), data, sent));
            Assert.True(sendingBefore > 0 && receivingBefore > 0);
            sendingLeast = Math.Min(sendingLeast, sending - sendingBefore);
            receivingLeast = Math.Min(receivingLeast, quiet.Allocated - receivingBefore);
        }

        Assert.Equal(0, receivingLeast);

        // The sleep of an idle thread is the runtime's; a piece would be 400 × 32 bytes at least.
        Assert.InRange(sendingLeast, 0, 2000);
    }

    private sealed class QuietReceiver(int length) : ITensorReceiver
    {
        private readonly float[] _into = new float[length];
        private readonly AutoResetEvent _whole = new(false);

        internal long Allocated;

        public Memory<float> Accept(TensorConnection from, in TensorHeader header) => _into.AsMemory(header.Offset, header.Count);

        public void Received(TensorConnection from, in TensorHeader header)
        {
            if (header.Offset + header.Count < header.Total) return;
            Volatile.Write(ref Allocated, GC.GetAllocatedBytesForCurrentThread());
            _whole.Set();
        }

        public void Closed(TensorConnection from) => _whole.Set();

        internal void WaitAfter(Action post)
        {
            post();
            Assert.True(_whole.WaitOne(Inbox.Patience));
        }
    }
}
