using System.Buffers.Binary;
using System.Text;

namespace VaeCluster.Exchange;

/// <summary>
/// What peers say first. The sender: magic (8 bytes), wire version (int32), length of the rest (int32); since version 2 the rest is the
/// cluster id's length (uint16), the cluster id, the length of the sender's name (uint16), the name, and the token of memory that it would
/// share, or nothing. The listener: 0 for welcome, 1 for refused or 2 for welcome and the memory is open, a text's length (uint16), the
/// text. The first 16 bytes and a refusal stay the same in every version, so that any two can say which they are.
/// </summary>
internal static class Handshake
{
    /// <summary>Version of everything on the wire.</summary>
    internal const int WireVersion = 2;

    private const ulong Magic = 0x524F534E45544156; // "VATENSOR"
    private const int HeadSize = 16;
    private const int LongestRest = (2 * (2 + ExchangeOptions.LongestName)) + SharedRing.TokenLength;
    private const int LongestAnswer = 4096;
    private const byte Welcome = 0, Refused = 1, WelcomeAndShared = 2;

    /// <summary>As the sender: sends its half and waits for the answer.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <param name="peer">The listener's address, for the message.</param>
    /// <param name="token">Of memory to share; empty: none.</param>
    /// <returns>Whether the listener has opened the memory.</returns>
    /// <exception cref="ExchangeException">Refused, with the listener's reason.</exception>
    internal static bool Send(PeerStream stream, ExchangeOptions options, string peer, string token)
    {
        byte[] cluster = Encoding.UTF8.GetBytes(options.ClusterId), name = Encoding.UTF8.GetBytes(options.Name);
        var head = new byte[HeadSize];
        byte[] rest = [.. LengthOf(cluster), .. cluster, .. LengthOf(name), .. name, .. Encoding.ASCII.GetBytes(token)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), WireVersion);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), rest.Length);
        stream.Send([.. head, .. rest]);

        Span<byte> answer = stackalloc byte[3];
        stream.ReceiveAll(answer);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(answer[1..]);
        if (answer[0] > WelcomeAndShared || length > LongestAnswer)
            throw new ExchangeException($"{peer} answered with something that is no handshake", refused: true);
        var text = new byte[length];
        stream.ReceiveAll(text);
        if (answer[0] == Refused) throw new ExchangeException($"{peer} refused: {Line(text)}", refused: true);
        return answer[0] == WelcomeAndShared;
    }

    /// <summary>As the listener: receives the other half and answers.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <returns>The sender's name, and the memory that it shares; null: none.</returns>
    /// <exception cref="ExchangeException">No handshake, or one that was refused.</exception>
    internal static (string Name, SharedRing? Ring) Receive(PeerStream stream, ExchangeOptions options)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        stream.ReceiveAll(head);
        int version = BinaryPrimitives.ReadInt32LittleEndian(head[8..]), length = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic || length is < 0 or > LongestRest)
            throw new ExchangeException("what it said first is no handshake");

        // The rest is read also where it is not understood: closing with bytes unread would reset the connection and lose the answer.
        Span<byte> rest = stackalloc byte[LongestRest];
        rest = rest[..length];
        stream.ReceiveAll(rest);
        string cluster = "", name = "", token = "";
        string? refusal = version == WireVersion
            ? Understand(rest, out cluster, out name, out token)
            : $"wire version {version} does not fit this silo's {WireVersion}";
        if (refusal is null && cluster != options.ClusterId)
            refusal = $"'{name}' is of cluster '{cluster}', this silo of '{options.ClusterId}'";
        if (refusal is null)
        {
            SharedRing? ring = options.SharedMemory > 0 ? SharedRing.TryOpen(token) : null;
            stream.Send([ring is null ? Welcome : WelcomeAndShared, 0, 0]);
            return (name, ring);
        }

        byte[] text = Encoding.UTF8.GetBytes(refusal);
        stream.Send([Refused, .. LengthOf(text), .. text]);
        stream.FinishSending();
        throw new ExchangeException(refusal, refused: true);
    }

    private static string? Understand(ReadOnlySpan<byte> rest, out string cluster, out string name, out string token)
    {
        cluster = name = token = "";
        if (!TryTake(ref rest, out cluster)) return "the handshake is too short for its cluster id";
        if (!TryTake(ref rest, out name)) return "the handshake is too short for its name";
        token = Line(rest);
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

    private static byte[] LengthOf(byte[] text) => [(byte)text.Length, (byte)(text.Length >> 8)];

    // A peer's text goes to logs: one line, whatever it holds.
    private static string Line(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).Select(letter => char.IsControl(letter) ? '?' : letter));
}
