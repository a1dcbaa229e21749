using System.Buffers.Binary;
using System.IO.Compression;
using VaeCluster.Core;
using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Idx;

/// <summary>
/// Reads IDX files, plain or gzip: two zero bytes, the type, the number of dimensions, each dimension as a big-endian 32-bit integer, then
/// the values, big-endian, in row-major order (the format of the original MNIST files).
/// </summary>
internal static class IdxReader
{
    private const int MagicBytes = 4;

    // Deflate writes at least one bit for every 258-byte match, plus overhead, so no stream expands by more than this factor.
    private const long LargestExpansion = 1032;

    /// <summary>Reads a file directly into its final array.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ranks">The numbers of dimensions that the caller accepts.</param>
    /// <returns>The array, with its values little-endian.</returns>
    /// <exception cref="BadInputException">The file is missing or damaged, or has other contents.</exception>
    internal static IdxArray Read(string path, params int[] ranks)
    {
        if (Directory.Exists(path))
            throw Bad(path, "is a folder; expected an IDX file");
        if (!File.Exists(path))
            throw Bad(path, "no such file; expected an IDX file, plain or gzip");
        RegularFile.Demand(path);

        try
        {
            using FileStream file = File.OpenRead(path);
            bool compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            if (!compressed)
                return ReadContent(path, file, file.Length, ranks);

            using var content = new GZipStream(file, CompressionMode.Decompress);
            IdxArray array = ReadContent(path, content, file.Length * LargestExpansion, ranks);
            if (StatedLength(file) > (uint)array.Bytes.Length + MagicBytes + array.Sizes.Length * sizeof(uint))
                throw new InvalidDataException("invalid gzip trailer");
            return array;
        }
        catch (InvalidDataException fault)
        {
            throw Bad(path, $"the gzip data is damaged or truncated ({fault.Message.TrimEnd('.')})", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    // GZipStream does not detect a truncated trailer. The trailer's last field is the length of the content (or of the last member, if
    // the file has several), so it is never larger than the whole content.
    private static uint StatedLength(FileStream file)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        file.Seek(-length.Length, SeekOrigin.End);
        file.ReadExactly(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    private static IdxArray ReadContent(string path, Stream content, long longest, int[] ranks)
    {
        Span<byte> magic = stackalloc byte[MagicBytes];
        ReadHeader(path, content, magic);
        if (magic[0] != 0 || magic[1] != 0)
            throw Bad(path, $"not an IDX file: it begins with the bytes {magic[0]:x2} {magic[1]:x2} instead of 00 00");
        NpyType type = TypeOf(path, magic[2]);
        if (!ranks.Contains(magic[3]))
            throw Bad(path, $"has {magic[3]} dimensions; expected {string.Join(" or ", ranks)}");

        int[] sizes = ReadSizes(path, content, magic[3]);
        int length = CheckedLength(path, sizes, NpyElements.SizeOf(type), longest);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        int read = content.ReadAtLeast(bytes, length, throwOnEndOfStream: false);
        if (read < length)
            throw Bad(path, $"the header promises {Promised(sizes, type)} = {length} bytes, but the file ends after {read}");
        // Reading to the end also makes GZipStream verify its checksum.
        if (content.ReadByte() >= 0)
            throw Bad(path, $"the header promises {Promised(sizes, type)} = {length} bytes, but the file has more");
        NpyElements.Swap(bytes, NpyElements.SizeOf(type));
        return new IdxArray(path, sizes, type, bytes);
    }

    private static NpyType TypeOf(string path, byte type) => type switch
    {
        0x08 => NpyType.Byte,
        0x09 => NpyType.SByte,
        0x0B => NpyType.Int16,
        0x0C => NpyType.Int32,
        0x0D => NpyType.Single,
        0x0E => NpyType.Double,
        _ => throw Bad(
            path, $"has values of type 0x{type:x2}; supported are 0x08 and 0x09 (8 bits), 0x0b and 0x0c (16 and 32 bits), 0x0d and 0x0e (floats)"),
    };

    private static int[] ReadSizes(string path, Stream content, int rank)
    {
        Span<byte> text = stackalloc byte[sizeof(uint)];
        int[] sizes = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            ReadHeader(path, content, text);
            uint size = BinaryPrimitives.ReadUInt32BigEndian(text);
            if (size == 0)
            {
                string what = i == 0 ? "is empty: its header says 0 examples" : $"dimension {i + 1} is 0";
                throw Bad(path, $"{what}; expected at least 1");
            }

            if (size > Array.MaxLength)
                throw Bad(path, $"dimension {i + 1} is {size}; at most {Array.MaxLength} is supported");
            sizes[i] = (int)size;
        }

        return sizes;
    }

    // Checked before allocating: a 16-byte header can demand any amount of memory.
    private static int CheckedLength(string path, int[] sizes, int elementSize, long longest)
    {
        long length = elementSize;
        foreach (int size in sizes)
        {
            length *= size;
            if (length > Array.MaxLength)
                throw Bad(path, $"the header promises {Product(sizes)} bytes; at most {Array.MaxLength} are supported");
        }

        if (length > longest)
            throw Bad(path, $"the header promises {Product(sizes)} = {length} bytes, more than the file can contain");
        return (int)length;
    }

    private static void ReadHeader(string path, Stream content, Span<byte> part)
    {
        if (content.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
            throw Bad(path, "ends inside its IDX header");
    }

    private static string Promised(int[] sizes, NpyType type) =>
        Product(sizes) + (type is NpyType.Byte or NpyType.SByte ? string.Empty : $" × {NpyElements.SizeOf(type)}");

    private static string Product(int[] sizes) => string.Join(" × ", sizes);

    private static BadInputException Bad(string path, string fault, Exception? inner = null) => new(path, null, null, fault, inner);
}

/// <summary>The contents of an IDX file.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Sizes">The dimensions, slowest-varying first.</param>
/// <param name="Type">The type of the values.</param>
/// <param name="Bytes">The values in row-major order, little-endian.</param>
internal sealed record IdxArray(string Path, int[] Sizes, NpyType Type, byte[] Bytes);
