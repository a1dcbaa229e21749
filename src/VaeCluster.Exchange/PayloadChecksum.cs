using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VaeCluster.Exchange;

/// <summary>
/// The checksum of a payload: CRC-32C in four lanes. Word i of 8 little-endian bytes goes to lane i mod 4, as far as there are whole blocks
/// of four words; then a last CRC runs over the lanes, the up to 31 bytes left and the number of bytes. An instruction that takes three
/// cycles and can begin anew every cycle is kept busy that way. Every error within 32 bits in a row is found.
/// </summary>
public struct PayloadChecksum
{
    /// <summary>Bytes of a block: all that is appended but the last part is a multiple of it.</summary>
    public const int Block = 4 * sizeof(ulong);

    private uint _lane0 = uint.MaxValue;
    private uint _lane1 = uint.MaxValue;
    private uint _lane2 = uint.MaxValue;
    private uint _lane3 = uint.MaxValue;
    private long _length;

    /// <summary>The checksum of nothing so far.</summary>
    public PayloadChecksum()
    {
    }

    /// <summary>The checksum of a whole payload.</summary>
    /// <param name="payload">The payload's bytes.</param>
    public static uint Of(ReadOnlySpan<byte> payload)
    {
        var checksum = new PayloadChecksum();
        int whole = payload.Length - (payload.Length % Block);
        checksum.Append(payload[..whole]);
        return checksum.Finish(payload[whole..]);
    }

    /// <summary>Goes on with whole blocks.</summary>
    /// <param name="blocks">A multiple of <see cref="Block"/> bytes.</param>
    public void Append(ReadOnlySpan<byte> blocks)
    {
        if (blocks.Length % Block != 0) throw new ArgumentException($"not a multiple of {Block} bytes: {blocks.Length}", nameof(blocks));
        uint lane0 = _lane0, lane1 = _lane1, lane2 = _lane2, lane3 = _lane3;
        ref byte word = ref MemoryMarshal.GetReference(blocks);
        for (nint i = 0; i < blocks.Length; i += Block)
        {
            lane0 = BitOperations.Crc32C(lane0, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, i)));
            lane1 = BitOperations.Crc32C(lane1, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, i + 8)));
            lane2 = BitOperations.Crc32C(lane2, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, i + 16)));
            lane3 = BitOperations.Crc32C(lane3, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref word, i + 24)));
        }

        (_lane0, _lane1, _lane2, _lane3) = (lane0, lane1, lane2, lane3);
        _length += blocks.Length;
    }

    /// <summary>The checksum of all that was appended and a last part.</summary>
    /// <param name="rest">What is left: fewer than <see cref="Block"/> bytes.</param>
    public readonly uint Finish(ReadOnlySpan<byte> rest)
    {
        uint sum = BitOperations.Crc32C(uint.MaxValue, _lane0);
        sum = BitOperations.Crc32C(sum, _lane1);
        sum = BitOperations.Crc32C(sum, _lane2);
        sum = BitOperations.Crc32C(sum, _lane3);
        foreach (byte value in rest) sum = BitOperations.Crc32C(sum, value);
        return ~BitOperations.Crc32C(sum, (ulong)(_length + rest.Length));
    }
}
