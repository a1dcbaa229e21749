using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeCluster.Core.Formats;

/// <summary>Reads and writes .npy, NumPy's format for one array (reads versions 1.0 to 3.0, writes 1.0).</summary>
public static partial class Npy
{
    private const int Alignment = 64;
    private const int LongestText = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes float32 values to a file.</summary>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="shape">The dimensions, outermost first; their product is the number of values.</param>
    /// <param name="values">The elements, row-major.</param>
    public static void Write(string path, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        using FileStream stream = File.Create(path);
        Write(stream, shape, values);
    }

    /// <summary>Writes float32 values to a stream.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="shape">The dimensions, outermost first; their product is the number of values.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <exception cref="ArgumentException">The number of values does not match the shape.</exception>
    public static void Write(Stream stream, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        if (new NpyHeader(NpyType.Single, shape).Count != values.Length)
            throw new ArgumentException($"the shape does not have {values.Length} elements", nameof(shape));

        string tuple = string.Join(
            ", ", shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture))) + (shape.Count == 1 ? "," : string.Empty);
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({tuple}), }}";
        int prefix = Magic.Length + 4;
        int total = (prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - prefix));
        Encoding.ASCII.GetBytes(text.PadRight(total - prefix - 1) + '\n', header.AsSpan(prefix));
        stream.Write(header);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads a whole file; the array that is returned is row-major and little-endian, however it was stored.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, truncated or damaged, or holds an array of an unsupported kind.</exception>
    public static NpyArray Read(string path)
    {
        RegularFile.Demand(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>
    /// Reads a whole array from a stream, for example a member of an npz archive. What is returned is row-major and little-endian.
    /// </summary>
    /// <param name="stream">The stream, at the beginning of the array's header.</param>
    /// <param name="fileName">The file to name in errors.</param>
    /// <exception cref="BadInputException">The stream is truncated or damaged, or holds an array of an unsupported kind.</exception>
    public static NpyArray Read(Stream stream, string fileName)
    {
        NpyHeader header = ReadHeader(stream, fileName);
        Int128 length = (Int128)header.Count * header.ElementSize;
        if (length > Array.MaxLength)
            throw new BadInputException(fileName, "shape", Text(header.Shape), $"an array has at most {Array.MaxLength} bytes");

        // Allocate as data arrives: a header that lies about the size must not exhaust memory.
        const int Piece = 1 << 22;
        var data = new byte[Math.Min((int)length, Piece)];
        int filled = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(data.AsSpan(filled), data.Length - filled, throwOnEndOfStream: false);
            filled += read;
            if (filled < data.Length)
            {
                throw new BadInputException(
                    fileName, null, null,
                    $"is truncated: an array of shape {Text(header.Shape)} needs {length} bytes of data, but the file has {filled}");
            }

            if (filled == length) return new NpyArray(header, data).ToRowMajor();
            Array.Resize(ref data, (int)Math.Min((long)length, 2L * data.Length));
        }
    }

    /// <summary>Reads type and shape and leaves the stream at the first element.</summary>
    /// <param name="stream">The stream, at the beginning of the array's header.</param>
    /// <param name="fileName">The file to name in errors.</param>
    /// <exception cref="BadInputException">The data is not an .npy array, or one of an unsupported kind.</exception>
    public static NpyHeader ReadHeader(Stream stream, string fileName)
    {
        Span<byte> prefix = stackalloc byte[8];
        Fill(stream, prefix, fileName);
        if (!prefix[..6].SequenceEqual(Magic)) throw new BadInputException(fileName, null, null, "not an .npy file (wrong magic bytes)");
        if (prefix[6] is < 1 or > 3)
            throw new BadInputException(fileName, "version", $"{prefix[6]}.{prefix[7]}", "supported .npy versions are 1.0 to 3.0");

        const uint LongestHeader = 1 << 20;
        Span<byte> lengthBytes = stackalloc byte[prefix[6] == 1 ? 2 : 4];
        Fill(stream, lengthBytes, fileName);
        uint length = prefix[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader) throw new BadInputException(fileName, "header length", $"{length}", $"at most {LongestHeader}");

        var header = new byte[length];
        Fill(stream, header, fileName);
        return ParseHeader(Encoding.UTF8.GetString(header), fileName);
    }

    private static NpyHeader ParseHeader(string text, string fileName)
    {
        Match match = HeaderPattern().Match(text);
        if (!match.Success || !IsNamedOnce("type") || !IsNamedOnce("order") || !IsNamedOnce("shape"))
        {
            throw new BadInputException(
                fileName, "header", text.Trim(),
                "expected a dictionary with descr, fortran_order and shape of a plain array (no records)");
        }

        string descr = match.Groups["type"].Value;
        (NpyType type, int textLength) = ParseType(descr, fileName);
        return new NpyHeader(type, ParseShape(match.Groups["shape"].Value, fileName))
        {
            IsFortranOrder = match.Groups["order"].Value == "True",
            IsBigEndian = descr[0] == '>',
            TextLength = textLength,
        };

        bool IsNamedOnce(string part) => match.Groups[part].Captures.Count == 1;
    }

    private static (NpyType Type, int TextLength) ParseType(string descr, string fileName)
    {
        Match match = TypePattern().Match(descr);
        string kind = match.Groups["kind"].Value, size = match.Groups["size"].Value;
        NpyType? type = (kind + size) switch
        {
            "u1" or "b1" => NpyType.Byte,
            "i1" => NpyType.SByte,
            "i2" => NpyType.Int16,
            "u2" => NpyType.UInt16,
            "i4" => NpyType.Int32,
            "u4" => NpyType.UInt32,
            "i8" => NpyType.Int64,
            "u8" => NpyType.UInt64,
            "f2" => NpyType.Half,
            "f4" => NpyType.Single,
            "f8" => NpyType.Double,
            _ => null,
        };
        if (type is { } number) return (number, 0);
        if (kind is "U" or "S" && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && length is > 0 and <= LongestText)
            return (kind == "U" ? NpyType.Text : NpyType.ByteText, length);
        throw new BadInputException(
            fileName, "descr", descr, kind == "O"
                ? "arrays of Python objects are refused: reading them means unpickling, which can run any code"
                : kind is "U" or "S"
                ? $"texts of 1 to {LongestText} characters"
                : "supported are whole numbers and floats of up to 64 bits, booleans and text; convert with array.astype('float32')");
    }

    private static int[] ParseShape(string text, string fileName)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new int[parts.Length];
        Int128 count = 1;
        for (int i = 0; i < parts.Length; i++)
        {
            // Python 2 wrote long integers as 64L.
            string number = parts[i].EndsWith('L') ? parts[i][..^1] : parts[i];
            bool valid = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]);
            count *= shape[i];
            if (!valid || count > long.MaxValue)
                throw new BadInputException(fileName, "shape", $"({text})", "not the dimensions of an array that fits in memory");
        }

        return shape;
    }

    private static void Fill(Stream stream, Span<byte> destination, string fileName)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
            throw new BadInputException(fileName, null, null, "is truncated: it ends inside the .npy header");
    }

    private static string Text(IReadOnlyList<int> shape) => $"({string.Join(", ", shape)})";

    [GeneratedRegex(
        """^\s*\{\s*(?:(?:'descr'\s*:\s*'(?<type>[^']*)'|'fortran_order'\s*:\s*(?<order>True|False)"""
        + """|'shape'\s*:\s*\((?<shape>[0-9L,\s]*)\))\s*(?:,\s*|(?=\}))){3}\}\s*$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex("^[<>|=]?(?<kind>[A-Za-z])(?<size>[0-9]*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex TypePattern();
}
