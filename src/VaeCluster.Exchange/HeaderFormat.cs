using System.Buffers.Binary;
using System.Numerics;
using VaeCluster.Training.Steps;

namespace VaeCluster.Exchange;

/// <summary>
/// A header on the wire, little-endian: 0 magic, 4 kind, 5 where the payload is, 6–7 zero, 8 run, 16 generation, 20 step, 24 range, 28
/// part, 32 offset, 36 count, 40 total, 44 zero, 48 three float64 of loss terms, 72 checksum, 76 CRC-32C of the 76 bytes before. With 0
/// at place 5 the payload follows, then its <see cref="PayloadChecksum"/> in 4 bytes, and place 72 is zero; with 1 it is in the
/// <see cref="SharedRing"/>, its checksum is at place 72, and a header follows.
/// </summary>
public static class HeaderFormat
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 80;

    /// <summary>Bytes of the checksum behind a payload.</summary>
    public const int ChecksumSize = 4;

    /// <summary>Most elements of a piece: 1 MiB.</summary>
    public const int MostElements = 1 << 18;

    private const uint Magic = 0x31485456; // "VTH1"
    private const int SharedChecksumAt = Size - 8, CrcAt = Size - 4;

    /// <summary>Writes a header.</summary>
    /// <param name="to">At least <see cref="Size"/> bytes.</param>
    /// <param name="header">The header.</param>
    /// <param name="sharedChecksum">The checksum of a payload that is in shared memory; null: the payload follows.</param>
    public static void Write(Span<byte> to, in TensorHeader header, uint? sharedChecksum = null)
    {
        to = to[..Size];
        to.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        to[4] = (byte)header.Kind;
        to[5] = sharedChecksum is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], header.Run);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], header.Generation);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], header.Step);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], header.Range);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], header.Part);
        BinaryPrimitives.WriteInt32LittleEndian(to[32..], header.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(to[36..], header.Count);
        BinaryPrimitives.WriteInt32LittleEndian(to[40..], header.Total);
        BinaryPrimitives.WriteDoubleLittleEndian(to[48..], header.Terms.Loss);
        BinaryPrimitives.WriteDoubleLittleEndian(to[56..], header.Terms.Reconstruction);
        BinaryPrimitives.WriteDoubleLittleEndian(to[64..], header.Terms.Kl);
        BinaryPrimitives.WriteUInt32LittleEndian(to[SharedChecksumAt..], sharedChecksum ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(to[CrcAt..], Crc(to[..CrcAt]));
    }

    /// <summary>Reads a header and looks whether it can be one.</summary>
    /// <param name="from"><see cref="Size"/> bytes.</param>
    /// <param name="header">What they say.</param>
    /// <param name="sharedChecksum">The checksum of a payload that is in shared memory; null: the payload follows.</param>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? Read(ReadOnlySpan<byte> from, out TensorHeader header, out uint? sharedChecksum)
    {
        header = default;
        sharedChecksum = from[5] == 1 ? BinaryPrimitives.ReadUInt32LittleEndian(from[SharedChecksumAt..]) : null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic) return "no header where one should be";
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]) != Crc(from[..CrcAt])) return "the checksum of a header is wrong";
        header = new TensorHeader
        {
            Kind = (TensorKind)from[4],
            Run = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            Generation = BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            Step = BinaryPrimitives.ReadInt32LittleEndian(from[20..]),
            Range = BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
            Part = BinaryPrimitives.ReadInt32LittleEndian(from[28..]),
            Offset = BinaryPrimitives.ReadInt32LittleEndian(from[32..]),
            Count = BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
            Total = BinaryPrimitives.ReadInt32LittleEndian(from[40..]),
            Terms = new LossTerms(
                BinaryPrimitives.ReadDoubleLittleEndian(from[48..]),
                BinaryPrimitives.ReadDoubleLittleEndian(from[56..]),
                BinaryPrimitives.ReadDoubleLittleEndian(from[64..])),
        };
        if (from[5] > 1) return $"a payload at no known place: {from[5]}";
        if (!header.Kind.IsKnown()) return $"no kind of tensor: {from[4]}";
        if (header.Count is < 1 or > MostElements) return $"a piece of {header.Count} elements";
        return header.Offset < 0 || header.Total < 0 || header.Offset > header.Total - header.Count
            ? $"a piece of {header.Count} elements at {header.Offset} of {header.Total}"
            : null;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
