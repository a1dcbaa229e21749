using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Sweeps.Running;

/// <summary>JSON options of a sweep's files, the same as those of the API.</summary>
public static class SweepJson
{
    /// <summary>For JSON lines: not indented.</summary>
    public static JsonSerializerOptions Line { get; } = Create(indented: false);

    /// <summary>For a whole file: indented for readability.</summary>
    public static JsonSerializerOptions File { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
