using System.Buffers.Binary;
using System.Text;

namespace VaeCluster.Training.Exchange;

/// <summary>
/// What peers say first. The sender: magic (8 bytes), wire version (int32), length of the rest (int32); since version 1 the rest is the
/// cluster id's length (uint16), the cluster id, and the sender's name. The listener: 0 for welcome or 1 for refused, a text's length
/// (uint16), the text. The first 16 bytes and the answer stay the same in every version, so that any two can say which they are.
/// </summary>
internal static class Hello
{
    /// <summary>Version of everything on the wire.</summary>
    internal const int WireVersion = 2;

    private const ulong Magic = 0x524F534E45544156; // "VATENSOR"
    private const int HeadSize = 16;
    private const int LongestRest = 2 + (2 * ExchangeOptions.LongestName);
    private const int LongestAnswer = 4096;

    /// <summary>As the sender: says hello and waits for the answer.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <param name="peer">The listener's address, for the message.</param>
    /// <exception cref="ExchangeException">Refused, with the listener's reason.</exception>
    internal static void Say(Link link, ExchangeOptions options, string peer)
    {
        byte[] cluster = Encoding.UTF8.GetBytes(options.ClusterId), name = Encoding.UTF8.GetBytes(options.Name);
        var hello = new byte[HeadSize + 2 + cluster.Length + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(hello, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(hello.AsSpan(8), WireVersion);
        BinaryPrimitives.WriteInt32LittleEndian(hello.AsSpan(12), hello.Length - HeadSize);
        BinaryPrimitives.WriteUInt16LittleEndian(hello.AsSpan(HeadSize), (ushort)cluster.Length);
        cluster.CopyTo(hello.AsSpan(HeadSize + 2));
        name.CopyTo(hello.AsSpan(HeadSize + 2 + cluster.Length));
        link.Send(hello);

        Span<byte> head = stackalloc byte[3];
        link.ReceiveAll(head);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(head[1..]);
        if (head[0] > 1 || length > LongestAnswer)
            throw new ExchangeException($"{peer} answered with something that is no hello", refused: true);
        var text = new byte[length];
        link.ReceiveAll(text);
        if (head[0] == 1) throw new ExchangeException($"{peer} refused: {Line(text)}", refused: true);
    }

    /// <summary>As the listener: hears a hello and answers.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="options">Who this is.</param>
    /// <returns>The sender's name.</returns>
    /// <exception cref="ExchangeException">No hello, or one that was refused.</exception>
    internal static string Hear(Link link, ExchangeOptions options)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        link.ReceiveAll(head);
        int version = BinaryPrimitives.ReadInt32LittleEndian(head[8..]), length = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic || length is < 0 or > LongestRest)
            throw new ExchangeException("what it said first is no hello");

        // The rest is read also where it is not understood: closing with bytes unread would reset the connection and lose the answer.
        Span<byte> rest = stackalloc byte[LongestRest];
        rest = rest[..length];
        link.ReceiveAll(rest);
        string cluster = "", name = "";
        string? refusal = version == WireVersion
            ? Understand(rest, out cluster, out name)
            : $"wire version {version} does not fit this silo's {WireVersion}";
        if (refusal is null && cluster != options.ClusterId)
            refusal = $"'{name}' is of cluster '{cluster}', this silo of '{options.ClusterId}'";
        if (refusal is null)
        {
            link.Send([0, 0, 0]);
            return name;
        }

        byte[] text = Encoding.UTF8.GetBytes(refusal);
        link.Send([1, (byte)text.Length, (byte)(text.Length >> 8), .. text]);
        link.FinishSending();
        throw new ExchangeException(refusal, refused: true);
    }

    private static string? Understand(ReadOnlySpan<byte> rest, out string cluster, out string name)
    {
        cluster = name = "";
        int length = rest.Length < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length > rest.Length - 2) return "the hello is too short for its cluster id";
        cluster = Line(rest.Slice(2, length));
        name = Line(rest[(2 + length)..]);
        return null;
    }

    // A peer's text goes to logs: one line, whatever it holds.
    private static string Line(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).Select(letter => char.IsControl(letter) ? '?' : letter));
}
