using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Pictures;

/// <summary>
/// Reads PNG: every colour type and bit depth, plain and interlaced, with every checksum compared. Samples become 8 bits; what is
/// transparent lies on black; gamma and colour profiles are not applied. Source: PNG specification, third edition.
/// </summary>
internal static class PngReader
{
    private const int ChunkFrame = 12; // length, type and checksum
    private const int HeaderLength = 13;
    private const int MostColours = 256;

    // See NpzArchive: no deflate stream grows by more.
    private const long LargestExpansion = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file begins as a PNG does.</summary>
    /// <param name="bytes">Its first bytes.</param>
    internal static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature[..4]);

    /// <summary>Reads the size.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="head">Its first bytes.</param>
    /// <exception cref="BadInputException">It is no PNG, or damaged.</exception>
    internal static PictureSize ReadSize(string path, ReadOnlySpan<byte> head) => ReadHeader(path, head).Size;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">All of it.</param>
    /// <exception cref="BadInputException">It is no PNG, or damaged.</exception>
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
                    if (chunk.Length % 3 != 0 || chunk.Length / 3 is 0 or > MostColours || palette is not null) throw Bad(path, "has a damaged palette");
                    palette = chunk.ToArray();
                    break;
                case "tRNS":
                    transparency = chunk.ToArray();
                    break;
                case "IDAT":
                    if (dataEnded) throw Bad(path, "has its pixels in two places");
                    data.Write(chunk);
                    break;
                case "IEND":
                    if (header.Colour == PngColour.Palette && palette is null) throw Bad(path, "has no palette");
                    return Decode(path, header, new PngColours(path, header, palette, transparency), data);
                default:
                    // A capital first letter marks what a reader must understand.
                    if (char.IsAsciiLetterUpper(type[0])) throw Bad(path, $"has a chunk '{type}', which is not known here");
                    break;
            }
        }
    }

    private static PngHeader ReadHeader(string path, ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature)) throw Bad(path, "begins as a PNG file and goes on as none (was it sent as text?)");
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
        if (!known) throw Bad(path, $"has colour type {chunk[9]} with {depth} bits, which PNG does not know");
        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1) throw Bad(path, "has a method of compression, filtering or interlacing that PNG does not know");
        int channels = colour is PngColour.Grey or PngColour.GreyAlpha ? 1 : 3;
        var size = new PictureSize((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), channels);
        return new PngHeader(PictureReader.Demand(path, size), depth, colour, chunk[12] == 1);
    }

    private static ReadOnlySpan<byte> Chunk(string path, ReadOnlySpan<byte> file, ref int place, out string type)
    {
        ReadOnlySpan<byte> rest = file[place..];
        if (rest.Length < ChunkFrame) throw Bad(path, "is cut off: it ends without the PNG's last chunk");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - ChunkFrame) throw Bad(path, $"is cut off: a chunk of {length} bytes has {rest.Length - ChunkFrame}");
        ReadOnlySpan<byte> typed = rest.Slice(4, (int)length + 4);
        type = Encoding.Latin1.GetString(typed[..4]);
        uint stated = BinaryPrimitives.ReadUInt32BigEndian(rest[(int)(length + 8)..]), found = Crc32.Of(typed);
        if (found != stated) throw Bad(path, $"is damaged: the checksum (CRC) of its chunk '{Printable(type)}' is {found:x8}, the file says {stated:x8}");
        place += (int)length + ChunkFrame;
        return typed[4..];
    }

    private static Picture Decode(string path, PngHeader header, PngColours colours, MemoryStream data)
    {
        PngPass[] passes = [.. PngPass.Of(header)];
        long promised = passes.Sum(pass => (long)pass.Height * (1 + header.RowBytes(pass.Width)));
        if (promised > (data.Length * LargestExpansion) + ChunkFrame) throw Bad(path, $"says that it is {header.Size.Height}×{header.Size.Width}, more than it can hold");
        data.Position = 0;
        var bytes = new byte[checked(header.Size.Width * header.Size.Height * header.Size.Channels)];
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
                        throw Bad(path, "is damaged: it has fewer pixels than its header says");
                    if (!PngFilter.Undo(filter, row, above, header.FilterBytes)) throw Bad(path, $"is damaged: a row has filter {filter}, 0 to 4 exist");
                    colours.WriteRow(row, pass, y, bytes);
                    (row, above) = (above, row);
                }
            }

            // To the end, where the stream compares its own checksum.
            _ = pixels.ReadByte();
        }
        catch (InvalidDataException fault)
        {
            throw new BadInputException(path, null, null, $"is damaged: its pixels cannot be unpacked ({fault.Message.TrimEnd('.')})", fault);
        }

        return new Picture(header.Size, bytes);
    }

    private static string Printable(string type) => string.Concat(type.Select(letter => char.IsAsciiLetter(letter) ? letter : '?'));

    private static BadInputException Bad(string path, string fault) => new(path, null, null, fault);
}
