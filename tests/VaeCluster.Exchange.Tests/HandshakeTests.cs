using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace VaeCluster.Exchange.Tests;

public sealed class HandshakeTests
{
    private static readonly TensorHeader Header = new() { Kind = TensorKind.Restore };

    [Fact]
    public void A_sender_of_another_cluster_is_refused_with_both_names_and_not_tried_again()
    {
        using var silo = new TestSilo();
        Exception? fault = TestSilo.Send(silo.Sender(change: options => options with { ClusterId = "other" }), Header, [1]);
        ExchangeException refused = Assert.IsType<ExchangeException>(fault);
        Assert.True(refused.Refused);
        Assert.Equal(
            $"127.0.0.1:{silo.Listener.EndPoint.Port} refused: 'silo-1' is of cluster 'other', this silo of 'test'", refused.Message);
        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_handshake_of_another_wire_version_is_answered_with_both_numbers()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "wire version 7 does not fit this silo's 2"), Answer(silo, Handshake(7, [1, 2, 3, 4, 5])));
    }

    [Fact]
    public void A_handshake_whose_lengths_do_not_fit_is_refused()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "the handshake is too short for its cluster id"), Answer(silo, Handshake(2, [200, 0, 65])));
        Assert.Equal((1, "the handshake is too short for its cluster id"), Answer(silo, Handshake(2, [])));
        Assert.Equal((1, "the handshake is too short for its name"), Answer(silo, Handshake(2, [1, 0, 65, 9, 0, 66])));
    }

    [Fact]
    public void What_a_peer_calls_itself_stays_one_line()
    {
        using var silo = new TestSilo();
        Assert.Equal((1, "'a??b' is of cluster 'x', this silo of 'test'"),
            Answer(silo, Handshake(2, [1, 0, (byte)'x', 4, 0, .. "a\r\nb"u8])));
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
        Assert.True(IsClosed(socket));
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
            Socket socket = silo.Raw();
            Welcome(socket);
            socket.Send(HeaderWith(offset, value));
            Assert.True(IsClosed(socket), fault);
            silo.Said(fault);
            Assert.Equal("raw", silo.Inbox.NextClosed());
        }

        Assert.Equal(0, silo.Inbox.Asked);
    }

    [Fact]
    public void A_right_header_by_hand_is_taken()
    {
        using var silo = new TestSilo();
        Socket socket = silo.Raw();
        Welcome(socket);
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
        Assert.True(IsClosed(socket));
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
    public void One_peer_too_many_is_closed_and_there_is_room_again_when_one_leaves()
    {
        using var silo = new TestSilo(change: options => options with { MostConnections = 1 });
        TensorSender first = silo.Sender();
        Assert.Null(TestSilo.Send(first, Header, [1]));
        Assert.True(IsClosed(silo.Raw()));
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

    private static void Welcome(Socket socket)
    {
        socket.Send(Handshake(2, [4, 0, .. "test"u8, 3, 0, .. "raw"u8]));
        Assert.Equal((0, ""), Answer(socket));
    }

    private static byte[] Handshake(int version, byte[] rest) =>
        [.. "VATENSOR"u8, .. BitConverter.GetBytes(version), .. BitConverter.GetBytes(rest.Length), .. rest];

    private static (int Status, string Text) Answer(TestSilo silo, byte[] handshake)
    {
        Socket socket = silo.Raw();
        socket.Send(handshake);
        (int, string) answer = Answer(socket);
        Assert.True(IsClosed(socket));
        return answer;
    }

    private static (int Status, string Text) Answer(Socket socket)
    {
        byte[] head = Read(socket, 3);
        return (head[0], Encoding.UTF8.GetString(Read(socket, head[1] | (head[2] << 8))));
    }

    private static byte[] Read(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (int got = 0; got < count;)
        {
            int more = socket.Receive(bytes, got, count - got, SocketFlags.None);
            Assert.True(more > 0, "closed too early");
            got += more;
        }

        return bytes;
    }

    // Closed with bytes unread, a connection is reset: that counts too; a time-out does not.
    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

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
