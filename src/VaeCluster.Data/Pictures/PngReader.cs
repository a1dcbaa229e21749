using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// Reads PNG: all colour types and bit depths, plain and interlaced, with all checksums verified. Samples become 8 bits; transparent
/// pixels are blended with black; gamma and colour profiles are ignored. Source: PNG specification, third edition.
/// </summary>
internal static class PngReader
{
    private const int ChunkFrame = 12; // length, type and checksum
    private const int HeaderLength = 13;
    private const int MostColours = 256;

    // No deflate stream expands by more; see NpzArchive.
    private const long LargestExpansion = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file begins like a PNG.</summary>
    /// <param name="bytes">Its first bytes.</param>
    internal static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature[..4]);

    /// <summary>Reads the size.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">Its first bytes.</param>
    /// <exception cref="BadInputException">The file is not a PNG, or it is damaged.</exception>
    internal static PictureSize ReadSize(string path, ReadOnlySpan<byte> head) => ReadHeader(path, head).Size;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadInputException">The file is not a PNG, or it is damaged.</exception>
    internal static Picture Read(string path, ReadOnlySpan<byte> file)
    {
        PngHeader header = ReadHeader(path, file);
        byte[]? palette = null, transparency = null;
        using var data = new MemoryStream();
        bool dataEnded = false;
        int place = Signature.Length;
        while (true)
        {
            ReadOnlySpan<byte> chunk = Chunk(path, file, ref place, out string type);
            dataEnded |= type != "IDAT" && data.Length > 0;
            switch (type)
            {
                case "IHDR":
                    break;
                case "PLTE":
                    if (chunk.Length % 3 != 0 || chunk.Length / 3 is 0 or > MostColours || palette is not null)
                        throw Bad(path, "has a damaged palette");
                    palette = chunk.ToArray();
                    break;
                case "tRNS":
                    transparency = chunk.ToArray();
                    break;
                case "IDAT":
                    if (dataEnded) throw Bad(path, "has IDAT chunks that are not consecutive");
                    data.Write(chunk);
                    break;
                case "IEND":
                    if (header.Colour == PngColour.Palette && palette is null) throw Bad(path, "has no palette");
                    return Decode(path, header, new PngColours(path, header, palette, transparency), data);
                default:
                    // A capital first letter marks a critical chunk, which must not be ignored.
                    if (char.IsAsciiLetterUpper(type[0])) throw Bad(path, $"has an unknown critical chunk '{type}'");
                    break;
            }
        }
    }

    private static PngHeader ReadHeader(string path, ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature)) throw Bad(path, "has a damaged PNG signature (was it transferred as text?)");
        int place = Signature.Length;
        ReadOnlySpan<byte> chunk = Chunk(path, file, ref place, out string type);
        if (type != "IHDR" || chunk.Length != HeaderLength) throw Bad(path, "does not begin with a PNG header");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk), height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        var colour = (PngColour)chunk[9];
        int depth = chunk[8];
        bool known = colour switch
        {
            PngColour.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => depth is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!known) throw Bad(path, $"has colour type {chunk[9]} with {depth} bits, which is not valid PNG");
        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1) throw Bad(path, "has an unknown compression, filter or interlace method");
        int channels = colour is PngColour.Grey or PngColour.GreyAlpha ? 1 : 3;
        int largest = depth > 8 ? ushort.MaxValue : byte.MaxValue;
        var size = new PictureSize((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), channels, largest);
        return new PngHeader(PictureReader.CheckSize(path, size), depth, colour, chunk[12] == 1);
    }

    private static ReadOnlySpan<byte> Chunk(string path, ReadOnlySpan<byte> file, ref int place, out string type)
    {
        ReadOnlySpan<byte> rest = file[place..];
        if (rest.Length < ChunkFrame) throw Bad(path, "is truncated: the IEND chunk is missing");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkFrame)
            throw Bad(path, $"is truncated: a chunk should have {length} bytes but has {rest.Length - ChunkFrame}");
        ReadOnlySpan<byte> typed = rest.Slice(4, (int)length + 4);
        type = Encoding.Latin1.GetString(typed[..4]);
        uint stated = BinaryPrimitives.ReadUInt32BigEndian(rest[(int)(length + 8)..]), found = Crc32.Of(typed);
        if (found != stated)
            throw Bad(path, $"is damaged: the CRC of chunk '{Printable(type)}' is {found:x8}, but the file says {stated:x8}");
        place += (int)length + ChunkFrame;
        return typed[4..];
    }

    private static Picture Decode(string path, PngHeader header, PngColours colours, MemoryStream data)
    {
        PngPass[] passes = [.. PngPass.Of(header)];
        long promised = passes.Sum(pass => (long)pass.Height * (1 + header.RowBytes(pass.Width)));
        if (promised > (data.Length * LargestExpansion) + ChunkFrame)
            throw Bad(path, $"has size {header.Size.Height}×{header.Size.Width} in its header, more than its data can contain");
        data.Position = 0;
        int samples = checked(header.Size.Width * header.Size.Height * header.Size.Channels);
        byte[] bytes = header.Depth > 8 ? [] : new byte[samples];
        ushort[]? words = header.Depth > 8 ? new ushort[samples] : null;
        try
        {
            using var pixels = new ZLibStream(data, CompressionMode.Decompress);
            foreach (PngPass pass in passes)
            {
                byte[] row = new byte[header.RowBytes(pass.Width)], above = new byte[row.Length];
                for (int y = 0; y < pass.Height; y++)
                {
                    int filter = pixels.ReadByte();
                    if (filter < 0 || pixels.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                        throw Bad(path, "is damaged: it has too few pixels");
                    if (!PngFilter.Undo(filter, row, above, header.FilterBytes))
                        throw Bad(path, $"is damaged: a row has filter {filter}; valid filters are 0 to 4");
                    if (words is null) colours.WriteRow(row, pass, y, bytes.AsSpan());
                    else colours.WriteRow(row, pass, y, words.AsSpan());
                    (row, above) = (above, row);
                }
            }

            // Read to the end, where the stream verifies its checksum.
            _ = pixels.ReadByte();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            // Some damage is an error code of zlib's that .NET does not know; it throws an IOException then.
            throw new BadInputException(
                path, null, null, $"is damaged: its pixels cannot be decompressed ({fault.Message.TrimEnd('.')})", fault);
        }

        return new Picture(header.Size, bytes) { Words = words };
    }

    private static string Printable(string type) => string.Concat(type.Select(letter => char.IsAsciiLetter(letter) ? letter : '?'));

    private static BadInputException Bad(string path, string fault) => new(path, null, null, fault);
}
