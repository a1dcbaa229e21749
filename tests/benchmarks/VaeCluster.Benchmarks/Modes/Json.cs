using System.Text.Json;

namespace VaeCluster.Benchmarks.Modes;

/// <summary>One object a line, as the peer's script prints them.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    internal static void Print(object row) => Console.WriteLine(JsonSerializer.Serialize(row, Options));
}
