using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace VaeCluster.Exchange.Tests;

/// <summary>A sender written by hand from the description of the handshake, which says what a test wants it to say.</summary>
internal sealed class RawSender(TestSilo silo, string name) : IDisposable
{
    internal const string SecretText = "the secret of the cluster of tests, known to all of it";

    private static readonly byte[] Nonce = new byte[32];

    internal Socket Socket { get; } = silo.Raw();

    public void Dispose() => Socket.Dispose();

    /// <summary>The whole handshake.</summary>
    internal SharedRing? Greet(bool shares = false)
    {
        Prove(shares);
        (int status, byte[] text) = Answer();
        Assert.NotEqual(1, status);
        if (status == 0) return null;
        SharedRing ring = SharedRing.TryOpen(Encoding.UTF8.GetString(text))!;
        Socket.Send([1]);
        return ring;
    }

    /// <summary>Up to the sender's proof.</summary>
    internal void Prove(bool shares = false, string secret = SecretText)
    {
        byte[] rest = Rest("test", name, "", shares);
        Socket.Send(Handshake(3, rest));
        (int status, byte[] challenge) = Answer();
        Assert.Equal((0, 64), (status, challenge.Length));
        byte[] said = [.. rest, .. challenge[..32]];
        Assert.Equal(Proof(SecretText, "vaecluster tensors, listener", said, Nonce), challenge[32..]);
        Socket.Send(Proof(secret, "vaecluster tensors, sender", said, challenge[..32]));
    }

    internal static byte[] Handshake(int version, byte[] rest) =>
        [.. "VATENSOR"u8, .. BitConverter.GetBytes(version), .. BitConverter.GetBytes(rest.Length), .. rest];

    internal static byte[] Rest(string cluster, string name, string endpoint, bool shares = false) =>
        [.. Text(cluster), .. Text(name), .. Text(endpoint), shares ? (byte)1 : (byte)0, .. Nonce];

    internal static byte[] Text(string text) => [.. BitConverter.GetBytes((ushort)text.Length), .. Encoding.UTF8.GetBytes(text)];

    internal static byte[] Proof(string secret, string role, byte[] said, byte[] nonce) => HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(secret),
        (byte[])[.. SHA256.HashData(Encoding.UTF8.GetBytes(role)), .. SHA256.HashData(said), .. nonce]);

    internal (int Status, byte[] Text) Answer()
    {
        byte[] head = Read(3);
        return (head[0], Read(head[1] | (head[2] << 8)));
    }

    internal byte[] Read(int count)
    {
        var bytes = new byte[count];
        for (int got = 0; got < count;)
        {
            int more = Socket.Receive(bytes, got, count - got, SocketFlags.None);
            Assert.True(more > 0, "closed too early");
            got += more;
        }

        return bytes;
    }

    // Closed with bytes unread, a connection is reset: that counts too; a time-out does not.
    internal static bool IsClosed(Socket socket)
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
}
