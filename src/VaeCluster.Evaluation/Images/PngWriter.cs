using System.Buffers.Binary;
using System.IO.Compression;
using VaeCluster.Core.Formats;

namespace VaeCluster.Evaluation.Images;

/// <summary>
/// Writes images as PNG, grey or colour with 8 bits per channel. The same image gives the same bytes; no time or name is stored.
/// Format: PNG specification, third edition.
/// </summary>
public static class PngWriter
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes an image as the bytes of a PNG file.</summary>
    /// <param name="raster">The image.</param>
    public static byte[] Encode(Raster raster)
    {
        using var file = new MemoryStream();
        file.Write(Signature);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, raster.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], raster.Height);
        header[8] = 8;
        header[9] = raster.Channels == 3 ? (byte)2 : (byte)0;
        header[10..].Clear(); // deflate, adaptive filters, no interlacing
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(raster));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Writes an image to a file; an existing file is replaced, and missing folders are created.</summary>
    /// <param name="raster">The image.</param>
    /// <param name="path">The file.</param>
    public static void Write(Raster raster, string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllBytes(path, Encode(raster));
    }

    /// <summary>Encodes an image as a <c>data:</c> URI, for self-contained pages.</summary>
    /// <param name="raster">The image.</param>
    public static string ToDataUri(Raster raster) => "data:image/png;base64," + Convert.ToBase64String(Encode(raster));

    private static byte[] Compress(Raster raster)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var previous = new byte[raster.Width * raster.Channels];
            var candidate = new byte[previous.Length];
            var best = new byte[previous.Length];
            for (int y = 0; y < raster.Height; y++)
            {
                ReadOnlySpan<byte> row = raster.Row(y);
                zlib.WriteByte((byte)Filter(row, previous, raster.Channels, candidate, best));
                zlib.Write(best);
                row.CopyTo(previous);
            }
        }

        return compressed.ToArray();
    }

    // The heuristic in section 12.7 of the specification: of the filters None, Sub and Up, use the one with the smallest sum of absolute
    // differences.
    private static int Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> candidate, Span<byte> best)
    {
        const int None = 0, Sub = 1, Up = 2;
        int bestFilter = None;
        long bestCost = long.MaxValue;
        foreach (int filter in (ReadOnlySpan<int>)[None, Sub, Up])
        {
            long cost = 0;
            for (int i = 0; i < row.Length; i++)
            {
                int reference = filter switch
                {
                    Sub => i >= channels ? row[i - channels] : 0,
                    Up => above[i],
                    _ => 0,
                };
                byte difference = (byte)(row[i] - reference);
                candidate[i] = difference;
                cost += Math.Abs((int)(sbyte)difference);
            }

            if (cost >= bestCost) continue;
            bestCost = cost;
            bestFilter = filter;
            candidate.CopyTo(best);
        }

        return bestFilter;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Of(type), data));
        file.Write(number);
    }
}
