using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Sweeps.Running;

/// <summary>How a sweep's files write JSON: as the API does.</summary>
public static class SweepJson
{
    /// <summary>One object a line.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    /// <summary>A whole file for people.</summary>
    public static JsonSerializerOptions File { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
