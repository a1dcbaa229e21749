using FsCheck.Fluent;

namespace VaeCluster.Exchange.Tests;

/// <summary>Senders and listeners of one machine that share memory.</summary>
public sealed class SharedMemoryTests
{
    private const int Memory = 1 << 20;

    [Fact]
    public void Tensors_of_any_length_arrive_bit_for_bit_in_the_order_of_posting()
    {
        using TestSilo silo = Sharing();
        TensorSender sender = silo.Sender();
        int step = 0;
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<ushort, uint>((length, seed) =>
        {
            // Some fit, some do not, and go through the socket.
            float[][] data = [.. new[] { 1, length + 1, 6 * length + 1 }.Select(count => TestSilo.Numbers(count, seed))];
            foreach (float[] tensor in data) sender.Post(TestSilo.Weights(++step), tensor, null);
            return data.All(tensor => TestSilo.SameBits(tensor, silo.Inbox.Whole()));
        }));
        Assert.Equal(0, sender.QueuedBytes);
    }

    [Fact]
    public void The_poster_sends_by_itself_what_there_is_room_for()
    {
        using TestSilo silo = Sharing();
        TensorSender sender = silo.Sender();
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), [1])); // connects, on the sender's thread
        int told = 0;
        sender.Post(TestSilo.Weights(2), TestSilo.Numbers(1000), fault => told = fault is null ? Environment.CurrentManagedThreadId : -1);
        Assert.Equal(Environment.CurrentManagedThreadId, told);
        silo.Inbox.Next();
        Assert.True(TestSilo.SameBits(TestSilo.Numbers(1000), silo.Inbox.Whole()));
    }

    [Fact]
    public void Refused_tensors_are_passed_over_and_the_next_ones_received()
    {
        using TestSilo silo = Sharing(new Inbox { Refuses = header => header.Step % 2 == 1 });
        TensorSender sender = silo.Sender();
        float[] data = TestSilo.Numbers(100_000);
        for (int step = 1; step <= 20; step++) sender.Post(TestSilo.Weights(step), data, null);
        for (int step = 2; step <= 20; step += 2) Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
    }

    [Fact]
    public void A_listener_that_takes_nothing_gets_the_rest_later_and_no_poster_waits()
    {
        using var held = new ManualResetEventSlim();
        using TestSilo silo = Sharing(new Inbox { OnReceived = (_, _) => held.Wait() });
        TensorSender sender = silo.Sender();
        float[] data = TestSilo.Numbers(100_000);
        for (int step = 1; step <= 20; step++) sender.Post(TestSilo.Weights(step), data, null); // 8 MB through 1
        held.Set();
        for (int step = 1; step <= 20; step++) Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
    }

    [Fact]
    public void A_listener_opened_again_gets_the_next_tensor_through_memory_of_its_own()
    {
        using TestSilo silo = Sharing();
        TensorSender sender = silo.Sender();
        int port = silo.CloseListenerAfter(sender);
        silo.Listen(port);
        float[] data = TestSilo.Numbers(50_000);
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(2), data));
        Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
    }

    [Theory]
    [InlineData(0, Memory)]
    [InlineData(Memory, 0)]
    public void Where_one_of_the_two_shares_nothing_tensors_go_through_the_socket(int senders, int listeners)
    {
        using var silo = new TestSilo(change: options => options with { SharedMemory = listeners });
        TensorSender sender = silo.Sender(change: options => options with { SharedMemory = senders });
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), [1]));
        int told = 0;
        using var done = new ManualResetEventSlim();
        sender.Post(TestSilo.Weights(2), TestSilo.Numbers(1000), _ =>
        {
            told = Environment.CurrentManagedThreadId;
            done.Set();
        });
        Assert.True(done.Wait(Inbox.Patience));
        Assert.NotEqual(Environment.CurrentManagedThreadId, told);
        silo.Inbox.Next();
        Assert.True(TestSilo.SameBits(TestSilo.Numbers(1000), silo.Inbox.Whole()));
    }

    [Fact]
    public void A_payload_that_was_changed_in_the_memory_closes_the_connection_and_does_not_arrive()
    {
        using TestSilo silo = Sharing();
        using var peer = new RawSender(silo, "raw");
        SharedRing ring = peer.Greet(shares: true)!;
        byte[] payload = new byte[40];
        Assert.True(ring.TryWrite(payload));
        var header = new byte[HeaderFormat.Size];
        HeaderFormat.Write(header, TestSilo.Weights(1) with { Count = 10, Total = 10 }, PayloadChecksum.Of(payload) ^ 1);
        peer.Socket.Send(header);
        silo.Said("the checksum of a payload is wrong");
        Assert.Equal("raw", silo.Inbox.NextClosed());
        ring.Dispose();
    }

    [Fact]
    public void A_sender_that_dies_before_it_opens_the_memory_leaves_nothing()
    {
        using TestSilo silo = Sharing();
        using (var peer = new RawSender(silo, "raw")) peer.Prove(shares: true);
        silo.Said("tensors from 127.0.0.1:");
        Assert.Null(TestSilo.Send(silo.Sender(), TestSilo.Weights(1), [1]));
    }

    private static TestSilo Sharing(Inbox? inbox = null) => new(inbox, options => options with { SharedMemory = Memory });
}
