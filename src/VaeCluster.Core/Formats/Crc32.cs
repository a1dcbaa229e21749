using System.Buffers.Binary;

namespace VaeCluster.Core.Formats;

/// <summary>
/// CRC-32 as PNG and zip use it (reflected polynomial EDB88320, PNG specification, annex D), computed eight bytes at a time.
/// </summary>
public static class Crc32
{
    private const int Slices = 8;

    // Table[k][b] is the checksum of byte b followed by k zero bytes.
    private static readonly uint[][] Tables = CreateTables();

    /// <summary>The checksum of a byte sequence.</summary>
    /// <param name="bytes">The bytes.</param>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Continues a checksum with more bytes.</summary>
    /// <param name="crc">The checksum of the bytes so far; 0 at the start.</param>
    /// <param name="bytes">The bytes that follow.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= Slices)
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes), high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes) crc = Tables[0][(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[][] CreateTables()
    {
        uint[][] tables = [.. Enumerable.Range(0, Slices).Select(_ => new uint[256])];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            tables[0][value] = crc;
        }

        for (int slice = 1; slice < Slices; slice++)
        {
            for (int value = 0; value < 256; value++)
                tables[slice][value] = tables[0][(byte)tables[slice - 1][value]] ^ (tables[slice - 1][value] >> 8);
        }

        return tables;
    }
}
