using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Server.Runs;

/// <summary>How the API writes JSON: camel case, words for states, no nulls; a number that is not finite as a word.</summary>
public static class ApiJson
{
    /// <summary>The same options on both sides of the wire.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
