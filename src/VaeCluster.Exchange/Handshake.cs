using System.Buffers.Binary;
using System.Text;

namespace VaeCluster.Exchange;

/// <summary>
/// What peers say before the first tensor. Each proves to the other that it holds the cluster's secret; the listener comes first, so that
/// a sender gives nothing to a stranger.
/// <list type="number">
/// <item>Sender: magic (8 bytes), wire version (int32), length of the rest (int32); since version 3 the rest is cluster id, name and the
/// endpoint of the sender's own listener, each as length (uint16) and text; whether it would share memory (a byte); a nonce.</item>
/// <item>Listener: 0, the length of what follows (uint16), a nonce and its proof; or 1 for refused, a text's length (uint16), the text.</item>
/// <item>Sender: its proof.</item>
/// <item>Listener: 0 for welcome, 1 for refused or 2 for welcome and here is memory; a text's length (uint16); the reason, or the memory's
/// address.</item>
/// <item>Sender, only after 2: 1 if it has opened the memory, else 0.</item>
/// </list>
/// The first 16 bytes and a refusal stay the same in every version, so that any two can say which they are.
/// </summary>
internal static class Handshake
{
    /// <summary>Version of everything on the wire.</summary>
    internal const int WireVersion = 3;

    private const ulong Magic = 0x524F534E45544156; // "VATENSOR"
    private const int HeadSize = 16;
    private const int LongestRest = (3 * (2 + ExchangeOptions.LongestName)) + 1 + ClusterSecret.NonceSize;
    private const int LongestAnswer = 4096;
    private const byte Welcome = 0, Refused = 1, WelcomeAndShared = 2;
    private const string SenderRole = "vaecluster tensors, sender", ListenerRole = "vaecluster tensors, listener";

    /// <summary>As the sender: says who it is and waits for the answer.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <param name="peer">The listener's address, for the message.</param>
    /// <param name="shares">Whether to share memory.</param>
    /// <returns>The listener's memory; null: none is shared.</returns>
    /// <exception cref="ExchangeException">Refused, with the listener's reason; or the listener is a stranger.</exception>
    internal static SharedRing? Send(PeerStream stream, ExchangeOptions options, string peer, bool shares)
    {
        var head = new byte[HeadSize];
        byte[] nonce = ClusterSecret.NewNonce();
        byte[] rest =
        [
            .. Text(options.ClusterId), .. Text(options.Name), .. Text(options.Endpoint), shares ? (byte)1 : (byte)0, .. nonce,
        ];
        BinaryPrimitives.WriteUInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), WireVersion);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), rest.Length);
        stream.Send([.. head, .. rest]);

        (_, byte[] challenge) = Answer(stream, peer);
        if (challenge.Length != ClusterSecret.NonceSize + ClusterSecret.ProofSize)
            throw new ExchangeException($"{peer} answered with something that is no handshake", refused: true);
        byte[] theirs = challenge[..ClusterSecret.NonceSize];
        byte[] said = [.. rest, .. theirs];
        if (!options.Secret.Holds(challenge.AsSpan(ClusterSecret.NonceSize), ListenerRole, said, nonce))
            throw new ExchangeException($"{peer} does not hold the cluster's secret", refused: true);
        stream.Send(options.Secret.Prove(SenderRole, said, theirs));

        (byte status, byte[] text) = Answer(stream, peer);
        if (status != WelcomeAndShared) return null;
        SharedRing? ring = SharedRing.TryOpen(Line(text));
        stream.Send([ring is null ? (byte)0 : (byte)1]);
        return ring;
    }

    /// <summary>As the listener: hears who it is and answers.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <returns>The sender, and the memory shared with it; null: none.</returns>
    /// <exception cref="ExchangeException">No handshake, or one that was refused.</exception>
    internal static (Peer Sender, SharedRing? Ring) Receive(PeerStream stream, ExchangeOptions options)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        stream.ReceiveAll(head);
        int version = BinaryPrimitives.ReadInt32LittleEndian(head[8..]), length = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic || length is < 0 or > LongestRest)
            throw new ExchangeException("what it said first is no handshake");

        // The rest is read also where it is not understood: closing with bytes unread would reset the connection and lose the answer.
        var rest = new byte[length];
        stream.ReceiveAll(rest);
        if (version != WireVersion) throw Refuse(stream, $"wire version {version} does not fit this silo's {WireVersion}");
        if (Understand(rest, out Hello hello) is { } refusal) throw Refuse(stream, refusal);
        if (hello.Cluster != options.ClusterId)
        {
            // The right id is for this silo's log, not for whoever asks.
            Refuse(stream, $"'{hello.Sender.Name}' is not of this silo's cluster");
            throw new ExchangeException(
                $"'{hello.Sender.Name}' is of cluster '{hello.Cluster}', this silo of '{options.ClusterId}'", refused: true);
        }

        byte[] nonce = ClusterSecret.NewNonce(), said = [.. rest, .. nonce];
        stream.Send([Welcome, .. Text([.. nonce, .. options.Secret.Prove(ListenerRole, said, hello.Nonce)])]);
        var proof = new byte[ClusterSecret.ProofSize];
        stream.ReceiveAll(proof);
        if (!options.Secret.Holds(proof, SenderRole, said, nonce))
            throw Refuse(stream, $"'{hello.Sender.Name}' does not hold the cluster's secret");
        return (hello.Sender, Share(stream, hello.Shares ? options.SharedMemory : 0));
    }

    private static SharedRing? Share(PeerStream stream, int bytes)
    {
        SharedRing? ring = bytes > 0 && stream.IsWithinMachine ? SharedRing.TryCreate(bytes) : null;
        if (ring is null)
        {
            stream.Send([Welcome, 0, 0]);
            return null;
        }

        try
        {
            stream.Send([WelcomeAndShared, .. Text(ring.Address)]);
            Span<byte> opened = stackalloc byte[1];
            stream.ReceiveAll(opened);
            if (opened[0] == 1) return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }

        ring.Dispose();
        return null;
    }

    private static ExchangeException Refuse(PeerStream stream, string reason)
    {
        stream.Send([Refused, .. Text(reason)]);
        stream.FinishSending();
        return new ExchangeException(reason, refused: true);
    }

    private static (byte Status, byte[] Text) Answer(PeerStream stream, string peer)
    {
        Span<byte> answer = stackalloc byte[3];
        stream.ReceiveAll(answer);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(answer[1..]);
        if (answer[0] > WelcomeAndShared || length > LongestAnswer)
            throw new ExchangeException($"{peer} answered with something that is no handshake", refused: true);
        var text = new byte[length];
        stream.ReceiveAll(text);
        return answer[0] == Refused ? throw new ExchangeException($"{peer} refused: {Line(text)}", refused: true) : (answer[0], text);
    }

    /// <summary>Reads what a sender says of itself.</summary>
    /// <param name="rest">What follows the first 16 bytes.</param>
    /// <param name="hello">What it says.</param>
    /// <returns>What is wrong with it; null: nothing.</returns>
    internal static string? Understand(ReadOnlySpan<byte> rest, out Hello hello)
    {
        hello = default;
        if (!TryTake(ref rest, out string cluster)) return "the handshake is too short for its cluster id";
        if (!TryTake(ref rest, out string name)) return "the handshake is too short for its name";
        if (!TryTake(ref rest, out string endpoint)) return "the handshake is too short for its endpoint";
        if (rest.Length != 1 + ClusterSecret.NonceSize) return "the handshake has no nonce at its end";
        if (string.IsNullOrWhiteSpace(name)) return "the handshake has an empty name";
        hello = new Hello(cluster, new Peer(name, endpoint), rest[0] == 1, rest[1..].ToArray());
        return null;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out string text)
    {
        int length = rest.Length < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(rest);
        bool fits = length <= rest.Length - 2;
        text = fits ? Line(rest.Slice(2, length)) : "";
        if (fits) rest = rest[(2 + length)..];
        return fits;
    }

    private static byte[] Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    private static byte[] Text(byte[] text) => [(byte)text.Length, (byte)(text.Length >> 8), .. text];

    // A peer's text goes to logs: one line, whatever it holds.
    private static string Line(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).Select(letter => char.IsControl(letter) ? '?' : letter));
}

/// <summary>What a sender says first.</summary>
/// <param name="Cluster">The cluster that it is of.</param>
/// <param name="Sender">Who it is.</param>
/// <param name="Shares">Whether it would share memory.</param>
/// <param name="Nonce">The number that it has drawn.</param>
internal readonly record struct Hello(string Cluster, Peer Sender, bool Shares, byte[] Nonce);

/// <summary>Who a sender is, as it says itself; that it holds the cluster's secret is proved.</summary>
/// <param name="Name">The silo's name.</param>
/// <param name="Endpoint">Where the silo's own listener is, as host:port; empty: it has none.</param>
internal readonly record struct Peer(string Name, string Endpoint);
