using System.Text.Json;

namespace VaeCluster.Benchmarks.Modes;

/// <summary>Prints one JSON object per line, in the format of peer.py.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    internal static void Print(object row) => Console.WriteLine(JsonSerializer.Serialize(row, Options));
}
