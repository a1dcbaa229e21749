namespace VaeCluster.Exchange.Tests;

public sealed class BrokenConnectionTests
{
    [Fact]
    public void A_byte_changed_on_the_way_closes_the_connection_and_the_next_tensor_arrives_on_a_new_one()
    {
        using var silo = new TestSilo();
        using var proxy = new Proxy(silo.Listener.EndPoint.Port, (connection, before, buffer, count) =>
        {
            if (connection == 1 && before <= 5000 && 5000 < before + count) buffer[5000 - before] ^= 1;
            return true;
        });
        TensorSender sender = silo.Sender(proxy.Port);
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), TestSilo.Numbers(4000)));
        Assert.Equal("silo-1", silo.Inbox.NextClosed());
        Assert.Contains("silo-1", silo.Said("the checksum of a payload is wrong"), StringComparison.Ordinal);
        Assert.True(silo.Inbox.NothingMore);

        // What was written before the sender could know is lost; once it knows, nothing is.
        float[] data = TestSilo.Numbers(4000, 9);
        SendUntilReceived(silo, sender, data);
        Assert.True(proxy.Connections > 1);
    }

    [Fact]
    public void A_tensor_cut_off_in_the_middle_is_sent_again_from_its_first_piece()
    {
        using var silo = new TestSilo();
        using var proxy = new Proxy(silo.Listener.EndPoint.Port, (connection, before, _, _) => connection > 2 || before < 5_000_000);
        float[] data = TestSilo.Numbers(30_000_000 / 4);
        Assert.Null(TestSilo.Send(silo.Sender(proxy.Port), TestSilo.Weights(1), data));
        Assert.Equal(3, proxy.Connections);
        int firstPieces = 0;
        TensorHeader header;
        do
        {
            header = silo.Inbox.Next().Header;
            if (header.Offset == 0) firstPieces++;
        }
        while (header.Offset + header.Count < header.Total);
        Assert.Equal(3, firstPieces);
        Assert.True(TestSilo.SameBits(data, silo.Inbox.Get(TestSilo.Weights(1), "silo-1")));
    }

    [Fact]
    public void After_the_third_attempt_the_poster_is_told_and_the_next_tensor_is_tried_anew()
    {
        using var silo = new TestSilo();
        bool cut = true;
        using var proxy = new Proxy(silo.Listener.EndPoint.Port, (_, before, _, _) => !Volatile.Read(ref cut) || before < 5_000_000);
        TensorSender sender = silo.Sender(proxy.Port);
        float[] data = TestSilo.Numbers(30_000_000 / 4);
        Exception? fault = TestSilo.Send(sender, TestSilo.Weights(1), data);
        Assert.IsType<ExchangeException>(fault);
        Assert.Contains($"127.0.0.1:{proxy.Port} was tried 3 times", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, proxy.Connections);
        Volatile.Write(ref cut, false);
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(2), data));
        Assert.Equal(4, proxy.Connections);
    }

    [Fact]
    public void A_listener_opened_again_on_the_same_port_gets_the_next_tensor()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        int port = silo.CloseListenerAfter(sender);
        Exception? fault = TestSilo.Send(sender, TestSilo.Weights(2), [2]);
        Assert.Contains($"127.0.0.1:{port} was tried 3 times", Assert.IsType<ExchangeException>(fault).Message, StringComparison.Ordinal);
        silo.Listen(port);
        float[] data = TestSilo.Numbers(300_000);
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(3), data));
        Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
    }

    [Fact]
    public void A_tensor_posted_after_the_peer_went_away_and_came_back_is_not_lost()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), [1]));
        silo.Inbox.Next();
        int port = silo.Listener.EndPoint.Port;
        silo.Listener.Dispose();
        silo.Listen(port);
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(2), [2]));
        Assert.Equal([2f], silo.Inbox.Whole());
    }

    [Fact]
    public void A_tensor_posted_after_the_peer_closed_in_good_order_is_not_lost()
    {
        // A reset would be noticed at the next write; an orderly end, as of a process that exits, takes a write without complaint.
        using var silo = new TestSilo(new Inbox
        {
            OnReceived = (_, header) =>
            {
                if (header.Step == 1) throw new InvalidOperationException("enough");
            },
        });
        TensorSender sender = silo.Sender();
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), [1]));
        Assert.Equal("silo-1", silo.Inbox.NextClosed());
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(2), [2]));
        Assert.Equal([2f], silo.Inbox.Whole());
    }

    [Fact]
    public void What_waits_for_a_peer_that_is_not_there_fails_with_the_first()
    {
        using var silo = new TestSilo();
        TensorSender sender = silo.Sender();
        silo.Listener.Dispose();
        using var told = new CountdownEvent(20);
        int failed = 0;
        for (int i = 0; i < 20; i++)
        {
            sender.Post(TestSilo.Weights(i), new float[10], fault =>
            {
                if (fault is ExchangeException) failed++;
                told.Signal();
            });
        }

        Assert.True(told.Wait(Inbox.Patience));
        Assert.Equal(20, failed);
        Assert.Equal(0, sender.QueuedBytes);
    }

    [Fact]
    public void Dispose_ends_a_sender_whose_peer_takes_nothing()
    {
        using var held = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        using var silo = new TestSilo(new Inbox
        {
            OnReceived = (_, _) =>
            {
                inside.Set();
                held.Wait();
            },
        });
        TensorSender sender = silo.Sender();
        Exception? first = null, second = null;
        var data = new float[50_000_000 / 4];
        sender.Post(TestSilo.Weights(1), data, fault => first = fault);
        sender.Post(TestSilo.Weights(2), data, fault => second = fault);
        Assert.True(inside.Wait(Inbox.Patience));
        sender.Dispose();
        Assert.Contains("has ended", Assert.IsType<ExchangeException>(first).Message, StringComparison.Ordinal);
        Assert.Contains("has ended", Assert.IsType<ExchangeException>(second).Message, StringComparison.Ordinal);
        Exception? third = null;
        sender.Post(TestSilo.Weights(3), data, fault => third = fault);
        Assert.IsType<ExchangeException>(third);
        held.Set();
    }

    [Fact]
    public void A_receiver_that_throws_or_gives_the_wrong_memory_loses_that_connection_and_no_other()
    {
        using var silo = new TestSilo(new Inbox
        {
            OnReceived = (from, header) =>
            {
                if (header.Step == 13) throw new InvalidOperationException("unlucky");
            },
        });
        TensorSender good = silo.Sender(change: options => options with { Name = "good" }), bad = silo.Sender();
        Assert.Null(TestSilo.Send(good, TestSilo.Weights(1), [1]));
        Assert.Null(TestSilo.Send(bad, TestSilo.Weights(13), [1]));
        silo.Said("unlucky");
        Assert.Equal("silo-1", silo.Inbox.NextClosed());
        Assert.Null(TestSilo.Send(good, TestSilo.Weights(2), [2]));
        silo.Inbox.Next();
        Assert.Equal([2f], silo.Inbox.Whole());

        // The first piece makes memory for one element, the second finds too little.
        Assert.Null(TestSilo.Send(good, TestSilo.Weights(2), [2, 3]));
        Assert.Equal("good", silo.Inbox.NextClosed());
    }

    [Fact]
    public void A_connection_closed_by_its_receiver_is_told_so()
    {
        TensorConnection? seen = null;
        using var silo = new TestSilo(new Inbox { OnReceived = (from, _) => seen = from });
        TensorSender sender = silo.Sender();
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(1), [1]));
        silo.Inbox.Next();
        seen!.Close();
        Assert.Equal("silo-1", silo.Inbox.NextClosed());
        Assert.Null(TestSilo.Send(sender, TestSilo.Weights(2), [2]));
        Assert.Equal([2f], silo.Inbox.Whole());
    }

    private static void SendUntilReceived(TestSilo silo, TensorSender sender, float[] data)
    {
        int step = 2;
        do Assert.Null(TestSilo.Send(sender, TestSilo.Weights(step++), data));
        while (silo.Inbox.NothingMore && step < 10_000);
        Assert.True(TestSilo.SameBits(data, silo.Inbox.Whole()));
    }
}
