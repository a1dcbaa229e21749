using System.Runtime.InteropServices;
using FsCheck.Fluent;

namespace VaeCluster.Exchange.Tests;

public sealed class PayloadChecksumTests
{
    [Fact]
    public void The_lanes_give_what_a_bit_by_bit_reference_gives() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<byte[], byte>((some, times) =>
        {
            byte[] payload = [.. Enumerable.Repeat(some, times).SelectMany(bytes => bytes)];
            return PayloadChecksum.Of(payload) == Reference(payload);
        }));

    [Fact]
    public void A_checksum_in_parts_is_that_of_the_whole() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<ushort, byte, byte>((length, a, b) =>
        {
            byte[] payload = MemoryMarshal.AsBytes(TestSilo.Numbers(length / 4 + 1).AsSpan()).ToArray();
            int blocks = payload.Length / PayloadChecksum.Block, first = a % (blocks + 1), second = first + (b % (blocks - first + 1));
            var parts = new PayloadChecksum();
            parts.Append(payload.AsSpan(0, first * PayloadChecksum.Block));
            parts.Append(payload.AsSpan(first * PayloadChecksum.Block, (second - first) * PayloadChecksum.Block));
            parts.Append(payload.AsSpan(second * PayloadChecksum.Block, (blocks - second) * PayloadChecksum.Block));
            return parts.Finish(payload.AsSpan(blocks * PayloadChecksum.Block)) == PayloadChecksum.Of(payload);
        }));

    [Fact]
    public void Every_single_bit_counts()
    {
        byte[] payload = MemoryMarshal.AsBytes(TestSilo.Numbers(41).AsSpan()).ToArray();
        uint right = PayloadChecksum.Of(payload);
        for (int bit = 0; bit < 8 * payload.Length; bit++)
        {
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(right, PayloadChecksum.Of(payload));
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Zeros_of_different_lengths_have_different_checksums()
    {
        Assert.Equal(200, Enumerable.Range(0, 200).Select(length => PayloadChecksum.Of(new byte[length])).Distinct().Count());
    }

    // As the documentation words it, one bit at a time.
    private static uint Reference(byte[] payload)
    {
        int blocks = payload.Length / 32;
        uint[] lanes = [uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue];
        for (int i = 0; i < 32 * blocks; i++) lanes[i / 8 % 4] = Step(lanes[i / 8 % 4], payload[i]);
        uint sum = uint.MaxValue;
        foreach (byte value in lanes.SelectMany(BitConverter.GetBytes)) sum = Step(sum, value);
        foreach (byte value in payload[(32 * blocks)..]) sum = Step(sum, value);
        foreach (byte value in BitConverter.GetBytes((ulong)payload.Length)) sum = Step(sum, value);
        return ~sum;
    }

    private static uint Step(uint crc, byte value)
    {
        crc ^= value;
        for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        return crc;
    }
}
