using System.Text.Json;

namespace VaeCluster.Core.Formats;

/// <summary>The header of a safetensors file, already checked against the file.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    private static readonly (SafetensorsType Type, string Name, int Size)[] Types =
    [
        (SafetensorsType.Single, "F32", 4), (SafetensorsType.Int64, "I64", 8), (SafetensorsType.Byte, "U8", 1),
    ];

    /// <summary>One tensor's type, shape and position in the data.</summary>
    internal sealed record Entry(string Name, SafetensorsType Type, IReadOnlyList<int> Shape, long Begin, int Length);

    internal static int Size(SafetensorsType type) => Types.First(candidate => candidate.Type == type).Size;

    internal static string NameOf(SafetensorsType type) => Types.First(candidate => candidate.Type == type).Name;

    /// <summary>
    /// Parses the header and checks that types are known, lengths match shapes, and tensors fill the data without gap or overlap.
    /// </summary>
    internal static SafetensorsHeader Parse(byte[] json, long dataBytes, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var entries = new List<Entry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (JsonProperty text in property.Value.EnumerateObject())
                        metadata.Add(text.Name, text.Value.GetString() ?? string.Empty);
                }
                else
                {
                    entries.Add(ParseEntry(property, dataBytes, file));
                }
            }

            entries.Sort((left, right) => (left.Begin, left.Length).CompareTo((right.Begin, right.Length)));
            CheckThatDataIsFilled(entries, dataBytes, file);
            return new SafetensorsHeader(entries, metadata);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new BadInputException(file, "header", null, $"not a valid safetensors header: {fault.Message}", fault);
        }
    }

    private static Entry ParseEntry(JsonProperty property, long dataBytes, string file)
    {
        string name = property.Name;
        string type = property.Value.GetProperty("dtype").GetString() ?? string.Empty;
        int known = Array.FindIndex(Types, candidate => candidate.Name == type);
        if (known < 0) throw new BadInputException(
            file, name, type, $"supported types are {string.Join(", ", Types.Select(candidate => candidate.Name))}");

        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
            throw new BadInputException(
                file, name, $"[{string.Join(", ", offsets)}]", $"the offsets must lie within the {dataBytes} bytes of data");

        long length = offsets[1] - offsets[0];
        if (length > Array.MaxLength) throw new BadInputException(file, name, $"{length}", $"a tensor has at most {Array.MaxLength} bytes");
        if (Bytes(shape, Types[known].Size) != length)
            throw new BadInputException(
                file, name, $"[{string.Join(", ", shape)}]", $"the shape does not match the {length} bytes of {type} between its offsets");

        return new Entry(name, Types[known].Type, [.. shape.Select(dimension => (int)dimension)], offsets[0], (int)length);
    }

    // −1 for an impossible shape; Int128 keeps an overflowing product from looking like a valid length.
    private static long Bytes(long[] shape, int size)
    {
        if (shape.Any(dimension => dimension is < 0 or > int.MaxValue)) return -1;
        if (shape.Contains(0)) return 0;
        Int128 bytes = size;
        foreach (long dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue) return -1;
        }

        return (long)bytes;
    }

    private static void CheckThatDataIsFilled(List<Entry> entries, long dataBytes, string file)
    {
        long end = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != end)
                throw new BadInputException(
                    file, entry.Name, $"{entry.Begin}",
                    $"its data must begin at {end}, where the previous tensor ends (no gap, no overlap)");
            end += entry.Length;
        }

        if (end != dataBytes)
            throw new BadInputException(file, null, null, $"the header accounts for {end} bytes of data, but the file has {dataBytes}");
    }
}
