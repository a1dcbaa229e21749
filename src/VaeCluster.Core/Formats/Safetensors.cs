using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace VaeCluster.Core.Formats;

/// <summary>
/// Reads and writes safetensors, the open format for weights: eight bytes of header length, a JSON header with type, shape and offsets
/// of every tensor, then the data without gaps. The header is checked against the file's size before memory is allocated.
/// </summary>
public static class Safetensors
{
    private const int PrefixBytes = 8;
    private const string MetadataKey = "__metadata__";

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="tensors">The tensors in any order; the file sorts them by element size (wider first), then by name.</param>
    /// <param name="metadata">Free-form texts for the header; null or empty for none.</param>
    public static void Write(string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using FileStream stream = File.Create(path);
        Write(stream, tensors, metadata);
    }

    /// <summary>Writes to a stream; the same content gives the same bytes.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="tensors">The tensors in any order.</param>
    /// <param name="metadata">Free-form texts for the header; null or empty for none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has the reserved name <c>__metadata__</c>.</exception>
    public static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // Wider elements first keeps every tensor aligned to its element size, as the reference implementation does.
        SafetensorsTensor[] ordered =
        [
            .. tensors.OrderByDescending(tensor => SafetensorsHeader.Size(tensor.Type))
                .ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        if (ordered.Select(tensor => tensor.Name).Append(MetadataKey).Distinct().Count() <= ordered.Length)
            throw new ArgumentException($"tensor names must be unique and must not be {MetadataKey}", nameof(tensors));

        byte[] header = Header(ordered, metadata);
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (SafetensorsTensor tensor in ordered) stream.Write(tensor.Data.Span);
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">
    /// The file is missing, truncated or damaged, its header is wrong, or it holds an unsupported type.
    /// </exception>
    public static SafetensorsFile Read(string path)
    {
        RegularFile.Demand(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            SafetensorsHeader header = ReadHeader(stream, path);
            var tensors = new List<SafetensorsTensor>();
            foreach (SafetensorsHeader.Entry entry in header.Entries)
            {
                var data = new byte[entry.Length];
                stream.ReadExactly(data);
                tensors.Add(new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, data));
            }

            return new SafetensorsFile(tensors, header.Metadata);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    private static SafetensorsHeader ReadHeader(FileStream stream, string path)
    {
        const long LongestHeader = 100_000_000;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (stream.ReadAtLeast(prefix, PrefixBytes, throwOnEndOfStream: false) < PrefixBytes)
            throw new BadInputException(path, null, null, "not a safetensors file: it is shorter than 8 bytes");

        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader)
            throw new BadInputException(path, "header length", $"{(ulong)length}", "a safetensors header has 2 to 100,000,000 bytes");
        if (length > stream.Length - PrefixBytes)
            throw new BadInputException(path, "header length", $"{length}", $"the file has only {stream.Length} bytes");

        var json = new byte[length];
        stream.ReadExactly(json);
        return SafetensorsHeader.Parse(json, stream.Length - PrefixBytes - length, path);
    }

    private static byte[] Header(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (KeyValuePair<string, string> text in metadata.OrderBy(text => text.Key, StringComparer.Ordinal))
                    json.WriteString(text.Key, text.Value);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsHeader.NameOf(tensor.Type));
                json.WriteStartArray("shape");
                foreach (int dimension in tensor.Shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Pad with spaces to a multiple of eight, so that the data is aligned in a memory-mapped file.
        var header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        Array.Fill(header, (byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }
}
