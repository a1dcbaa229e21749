using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Tests.Images;

/// <summary>A simple PNG decoder, written from the specification, that verifies every checksum.</summary>
internal static class PngDecoder
{
    internal static Raster Decode(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        using var data = new MemoryStream();
        byte[] header = [];
        string type = string.Empty;
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            type = Encoding.ASCII.GetString(file, at + 4, 4);
            Assert.Equal(PlainCrc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            byte[] body = file[(at + 8)..(at + 8 + length)];
            if (type == "IHDR") header = body;
            if (type == "IDAT") data.Write(body);
            at += length + 12;
        }

        Assert.Equal("IEND", type);
        Assert.Equal(8, header[8]);
        Assert.Equal([0, 0, 0], header[10..13]);
        var raster = new Raster(
            BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)), header[9] == 2 ? 3 : 1);
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        for (int y = 0; y < raster.Height; y++) ReadRow(zlib, raster, y);
        Assert.Equal(-1, zlib.ReadByte());
        return raster;
    }

    private static void ReadRow(ZLibStream zlib, Raster raster, int y)
    {
        int filter = zlib.ReadByte();
        Assert.InRange(filter, 0, 2);
        Span<byte> row = raster.Row(y);
        zlib.ReadExactly(row);
        for (int i = 0; i < row.Length; i++)
        {
            if (filter == 1 && i >= raster.Channels) row[i] += row[i - raster.Channels];
            if (filter == 2 && y > 0) row[i] += raster.Row(y - 1)[i];
        }
    }

    // Bit by bit, without a table, so that it shares no code with the writer.
    private static uint PlainCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
