using System.Text.Json;
using VaeCluster.Core.Formats;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Caching;

/// <summary>An array of the cache that was converted from another format: its values, and behind them the class of each row.</summary>
/// <param name="Type">The type of the values.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="HasLabels">Whether there are classes.</param>
/// <param name="Names">The names of the classes; null if they have none.</param>
internal sealed record ConvertedArray(NpyType Type, int[] Shape, bool HasLabels, string[]? Names)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Bytes of the values.</summary>
    internal long ValueBytes => Shape.Aggregate((long)NpyElements.SizeOf(Type), (product, dimension) => product * dimension);

    /// <summary>Bytes of values and classes.</summary>
    internal long Bytes => ValueBytes + (HasLabels ? (long)Shape[0] * sizeof(int) : 0);

    /// <summary>The description as a note of the cache.</summary>
    internal string ToNote() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a note of the cache.</summary>
    /// <param name="note">What <see cref="ToNote"/> returned.</param>
    internal static ConvertedArray OfNote(string note) => JsonSerializer.Deserialize<ConvertedArray>(note, Json)!;

    /// <summary>The classes in a cached file; null if there are none.</summary>
    /// <param name="path">The file.</param>
    internal int[]? Labels(string path)
    {
        if (!HasLabels) return null;
        byte[] bytes = new byte[Shape[0] * sizeof(int)];
        new FileBytes(path, ValueBytes, bytes.Length).Read(0, bytes);
        int[] labels = new int[Shape[0]];
        Buffer.BlockCopy(bytes, 0, labels, 0, bytes.Length);
        return labels;
    }
}
