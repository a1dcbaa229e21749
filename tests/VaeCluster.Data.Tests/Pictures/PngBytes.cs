using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VaeCluster.Data.Tests.Pictures;

/// <summary>
/// Encodes PNG files of every colour type, depth, filter and interlacing, as simply as possible. An image is given by its samples, row by
/// row: width × height × samples-per-pixel numbers.
/// </summary>
internal sealed record PngBytes(int Width, int Height, int Depth, int Colour, int[] Samples)
{
    public bool Interlaced { get; init; }

    /// <summary>The filter of each row; -1 uses all five in turn.</summary>
    public int Filter { get; init; } = -1;

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    /// <summary>Number of IDAT chunks.</summary>
    public int Parts { get; init; } = 1;

    public static int SamplesOf(int colour) => colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public static byte[] Chunk(string type, params byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] length = new byte[4], crc = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, PlainCrc(typed));
        return [.. length, .. typed, .. crc];
    }

    public static byte[] Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public byte[] Header()
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9], header[12]) = ((byte)Depth, (byte)Colour, Interlaced ? (byte)1 : (byte)0);
        return Chunk("IHDR", header);
    }

    public byte[] Encode()
    {
        var file = new List<byte>();
        file.AddRange(Signature);
        file.AddRange(Header());
        file.AddRange(Chunk("tEXt", [.. "Comment\0nothing"u8]));
        if (Palette is not null) file.AddRange(Chunk("PLTE", Palette));
        if (Transparency is not null) file.AddRange(Chunk("tRNS", Transparency));
        byte[] data = Compress();
        int part = (data.Length + Parts - 1) / Parts;
        foreach (byte[] piece in data.Chunk(part)) file.AddRange(Chunk("IDAT", piece));
        file.AddRange(Chunk("IEND"));
        return [.. file];
    }

    private byte[] Compress()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            int[][] passes = Interlaced
                ? [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]]
                : [[0, 0, 1, 1]];
            int next = 0;
            foreach (int[] pass in passes)
            {
                byte[]? above = null;
                for (int y = pass[1]; y < Height; y += pass[3])
                {
                    var bits = new List<int>();
                    for (int x = pass[0]; x < Width; x += pass[2])
                    {
                        for (int i = 0; i < SamplesOf(Colour); i++)
                        {
                            int sample = Samples[(((y * Width) + x) * SamplesOf(Colour)) + i];
                            for (int bit = Depth - 1; bit >= 0; bit--) bits.Add((sample >> bit) & 1);
                        }
                    }

                    if (bits.Count == 0) continue;
                    byte[] row = [.. bits.Chunk(8).Select(
                        eight => (byte)Enumerable.Range(0, 8).Sum(i => i < eight.Length ? eight[i] << (7 - i) : 0))];
                    int filter = Filter >= 0 ? Filter : next++ % 5;
                    zlib.WriteByte((byte)filter);
                    zlib.Write(Filtered(filter, row, above ?? new byte[row.Length], Math.Max(1, Depth * SamplesOf(Colour) / 8)));
                    above = row;
                }
            }
        }

        return packed.ToArray();
    }

    private static byte[] Filtered(int filter, byte[] row, byte[] above, int back)
    {
        byte[] filtered = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= back ? row[i - back] : 0, b = above[i], c = i >= back ? above[i - back] : 0;
            int p = a + b - c;
            int paeth = Math.Abs(p - a) <= Math.Abs(p - b)
                && Math.Abs(p - a) <= Math.Abs(p - c) ? a : Math.Abs(p - b) <= Math.Abs(p - c) ? b : c;
            filtered[i] = (byte)(row[i] - (filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 }));
        }

        return filtered;
    }

    private static uint PlainCrc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
