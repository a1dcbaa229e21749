using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace VaeCluster.Exchange.Tests;

public sealed class HandshakeTests
{
    private static readonly TensorHeader Header = new() { Kind = TensorKind.Restore };

    private static readonly ClusterSecret Stranger = new("a secret of another cluster, which has its own");

    [Fact]
    public void A_sender_of_another_cluster_is_refused_without_the_right_id_and_not_tried_again()
    {
        using var silo = new TestSilo();
        Exception? fault = TestSilo.Send(silo.Sender(change: options => options with { ClusterId = "other" }), Header, [1]);
        ExchangeException refused = Assert.IsType<ExchangeException>(fault);
        Assert.True(refused.Refused);
        Assert.Equal(
            $"127.0.0.1:{silo.Listener.EndPoint.Port} refused: 'silo-1' is not of this silo's cluster", refused.Message);
        silo.Said("'silo-1' is of cluster 'other', this silo of 'test'");
        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_sender_refuses_a_listener_that_does_not_hold_its_secret()
    {
        using var silo = new TestSilo();
        Exception? fault = TestSilo.Send(silo.Sender(change: options => options with { Secret = Stranger }), Header, [1]);
        Assert.True(Assert.IsType<ExchangeException>(fault).Refused);
        Assert.Equal($"127.0.0.1:{silo.Listener.EndPoint.Port} does not hold the cluster's secret", fault!.Message);
        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_stranger_that_knows_cluster_and_run_is_refused_before_its_first_header()
    {
        using var silo = new TestSilo();
        using var peer = new RawSender(silo, "silo-2");
        peer.Prove(secret: "not the secret of the cluster of tests, but as long as it is");
        Assert.Equal((1, "'silo-2' does not hold the cluster's secret"), Text(peer.Answer()));
        Assert.True(RawSender.IsClosed(peer.Socket));
        silo.Said("'silo-2' does not hold the cluster's secret");
        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_proof_that_was_overheard_proves_nothing_a_second_time()
    {
        using var silo = new TestSilo();
        using RawSender first = new(silo, "raw"), second = new(silo, "raw");
        byte[] rest = RawSender.Rest("test", "raw", "");
        byte[] Challenge(RawSender peer)
        {
            peer.Socket.Send(RawSender.Handshake(3, rest));
            return peer.Answer().Text;
        }

        byte[] challenge = Challenge(first);
        byte[] proof = RawSender.Proof(
            RawSender.SecretText, "vaecluster tensors, sender", [.. rest, .. challenge[..32]], challenge[..32]);
        first.Socket.Send(proof);
        Assert.Equal((0, ""), Text(first.Answer()));
        Assert.NotEqual(challenge, Challenge(second));
        second.Socket.Send(proof);
        Assert.Equal((1, "'raw' does not hold the cluster's secret"), Text(second.Answer()));

        // Nor does the listener's own proof, sent back to it.
        using var third = new RawSender(silo, "raw");
        third.Socket.Send(Challenge(third)[32..]);
        Assert.Equal(1, third.Answer().Status);
    }

    [Fact]
    public void A_handshake_of_another_wire_version_is_answered_with_both_numbers()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "wire version 7 does not fit this silo's 3"), Answer(silo, RawSender.Handshake(7, [1, 2, 3, 4, 5])));
    }

    [Fact]
    public void A_handshake_whose_lengths_do_not_fit_is_refused()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "the handshake is too short for its cluster id"), Answer(silo, RawSender.Handshake(3, [200, 0, 65])));
        Assert.Equal((1, "the handshake is too short for its cluster id"), Answer(silo, RawSender.Handshake(3, [])));
        Assert.Equal((1, "the handshake is too short for its name"), Answer(silo, RawSender.Handshake(3, [1, 0, 65, 9, 0, 66])));
        Assert.Equal((1, "the handshake is too short for its endpoint"),
            Answer(silo, RawSender.Handshake(3, [1, 0, 65, 1, 0, 66, 9, 0])));
        Assert.Equal((1, "the handshake has no nonce at its end"),
            Answer(silo, RawSender.Handshake(3, [1, 0, 65, 1, 0, 66, 0, 0, 1, 2, 3])));
        Assert.Equal((1, "the handshake has an empty name"),
            Answer(silo, RawSender.Handshake(3, RawSender.Rest("test", "  ", ""))));
    }

    [Fact]
    public void What_a_peer_calls_itself_stays_one_line()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "'a??b' is not of this silo's cluster"),
            Answer(silo, RawSender.Handshake(3, RawSender.Rest("x", "a\r\nb", ""))));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("VATENSOR\u0002\0\0\0\u007f\u007f\u007f\u007f")]
    [InlineData("VATENSOR\u0002\0\0\0\u0000\u0000\u0008\u0000")]
    public void Garbage_instead_of_a_handshake_is_closed_without_an_answer(string text)
    {
        using var silo = new TestSilo();
        Socket socket = silo.Raw();
        socket.Send(Encoding.Latin1.GetBytes(text));
        Assert.True(RawSender.IsClosed(socket));
        silo.Said("no handshake");
        Assert.Null(TestSilo.Send(silo.Sender(), Header, [1]));
        Assert.Equal([1f], silo.Inbox.Whole());
    }

    [Fact]
    public void Headers_that_cannot_be_close_the_connection_before_anything_is_asked_or_allocated()
    {
        using var silo = new TestSilo();
        foreach ((int offset, int value, string fault) in ((int, int, string)[])
            [(36, -1, "a piece of -1"), (36, int.MaxValue, "a piece of 2147483647"), (36, 0, "a piece of 0"),
             (36, (1 << 18) + 1, "a piece of 262145"), (32, -4, "at -4"), (32, int.MaxValue, "at 2147483647"),
             (40, 9, "of 9"), (40, -1, "of -1"), (4, 0, "no kind"), (4, 8, "no kind"),
             (5, 1, "there is none"), (5, 2, "at no known place"),
             (0, 0, "no header"), (76, 0, "the checksum of a header")])
        {
            using var peer = new RawSender(silo, "raw");
            peer.Greet();
            peer.Socket.Send(HeaderWith(offset, value));
            Assert.True(RawSender.IsClosed(peer.Socket), fault);
            silo.Said(fault);
            Assert.Equal("raw", silo.Inbox.NextClosed());
        }

        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_right_header_by_hand_is_taken()
    {
        using var silo = new TestSilo();
        using var peer = new RawSender(silo, "raw");
        peer.Greet();
        Socket socket = peer.Socket;
        socket.Send(HeaderWith(8, 77));
        socket.Send(new byte[40]);
        byte[] sum = BitConverter.GetBytes(PayloadChecksum.Of(new byte[40]));
        socket.Send(sum.AsSpan(0, 3));
        socket.Send(sum.AsSpan(3));
        TensorHeader expected = new()
        {
            Kind = TensorKind.Gradient,
            Run = 77,
            Count = 10,
            Total = 10,
        };
        Assert.Equal(("raw", expected), silo.Inbox.Next());
    }

    [Fact]
    public async Task Whoever_says_no_handshake_in_time_is_cut_off_on_both_sides()
    {
        var time = new StoppedTime();
        using var silo = new TestSilo(change: options => options with { TimeProvider = time });
        Socket socket = silo.Raw();
        socket.Send("VATENS"u8);
        time.FireNext();
        Assert.True(RawSender.IsClosed(socket));
        silo.Said("no handshake within 5 s");

        using var mute = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        mute.Listen();
        TensorSender sender = silo.Sender(((System.Net.IPEndPoint)mute.LocalEndPoint!).Port);
        var sent = new TaskCompletionSource<Exception?>();
        sender.Post(Header, new float[1], sent.SetResult);
        for (int attempt = 0; attempt < 3; attempt++) time.FireNext();
        Exception? fault = await sent.Task.WaitAsync(Inbox.Patience);
        Assert.Contains("no answer within 5 s", Assert.IsType<ExchangeException>(fault).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_stops_within_a_piece_is_cut_off()
    {
        using var silo = new TestSilo(change: options => options with { FrameLimit = TimeSpan.FromMilliseconds(50) });
        foreach (int bytes in (int[])[1, 79, 80, 100, 80 + 40, 80 + 43])
        {
            using var peer = new RawSender(silo, "raw");
            peer.Greet();
            peer.Socket.Send(((byte[])[.. HeaderWith(8, 77), .. new byte[44]]).AsSpan(0, bytes));
            Assert.True(RawSender.IsClosed(peer.Socket), $"{bytes} bytes");
        }
    }

    [Fact]
    public void Strangers_fill_only_the_places_of_strangers()
    {
        using var silo = new TestSilo(change: options => options with { MostHandshakesOfAddress = 3, HandshakeLimit = Inbox.Patience });
        TensorSender known = silo.Sender();
        Assert.Null(TestSilo.Send(known, Header, [1]));
        Socket[] mute = [.. Enumerable.Range(0, 3).Select(_ => silo.Raw())];
        Assert.True(RawSender.IsClosed(silo.Raw()));
        silo.Said("3 peers have not yet said who they are, 3 of them at this address");
        Assert.Null(TestSilo.Send(known, Header, [2]));
        foreach (Socket socket in mute) socket.Dispose();
        Exception? fault;
        int tries = 0;
        do fault = TestSilo.Send(silo.Sender(), Header, [3]);
        while (fault is not null && ++tries < 1000);
        Assert.Null(fault);
    }

    [Fact]
    public void Of_lines_that_strangers_cause_a_few_are_logged()
    {
        // A peer learns that it was refused a moment before its place is free, so there are places for all of them.
        var time = new StoppedTime();
        using var silo = new TestSilo(change: options => options with { TimeProvider = time, MostHandshakesOfAddress = 60 });
        for (int i = 0; i < 60; i++) Assert.Equal(1, Answer(silo, RawSender.Handshake(7, [])).Item1);
        Assert.Null(TestSilo.Send(silo.Sender(), Header, [1]));
        silo.Inbox.Next();
        silo.Listener.Dispose();
        Assert.Equal(LimitedLog.Most, silo.Log.Count);
    }

    [Fact]
    public void One_peer_too_many_is_closed_and_there_is_room_again_when_one_leaves()
    {
        using var silo = new TestSilo(change: options => options with { MostConnections = 1 });
        TensorSender first = silo.Sender();
        Assert.Null(TestSilo.Send(first, Header, [1]));
        Assert.True(RawSender.IsClosed(silo.Raw()));
        silo.Said("1 peers are connected already");
        first.Dispose();
        silo.Inbox.NextClosed();
        Exception? fault;
        int tries = 0;

        // Told that it closed a moment before its place is free.
        do fault = TestSilo.Send(silo.Sender(), Header, [2]);
        while (fault is not null && ++tries < 100);
        Assert.Null(fault);
    }

    private static (int Status, string Text) Answer(TestSilo silo, byte[] handshake)
    {
        using var peer = new RawSender(silo, "raw");
        peer.Socket.Send(handshake);
        (int, string) answer = Text(peer.Answer());
        Assert.True(RawSender.IsClosed(peer.Socket));
        return answer;
    }

    private static (int Status, string Text) Text((int Status, byte[] Text) answer) =>
        (answer.Status, Encoding.UTF8.GetString(answer.Text));

    // A gradient of 10 elements as documented, with one number changed; its own checksum is right unless that is what was changed.
    private static byte[] HeaderWith(int offset, int value)
    {
        var header = new byte[80];
        "VTH1"u8.CopyTo(header);
        header[4] = 1;
        header[36] = header[40] = 10;
        if (offset is 4 or 5) header[offset] = (byte)value;
        else if (offset < 76) BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(offset), value);
        uint crc = uint.MaxValue;
        foreach (byte b in header.AsSpan(0, 76)) crc = BitOperations.Crc32C(crc, b);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), offset == 76 ? crc : ~crc);
        return header;
    }
}
