using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Service.Runs;

/// <summary>How the API writes JSON: camel case, words for states, nulls written out; a number that is not finite as a word.</summary>
public static class ApiJson
{
    /// <summary>The same options on both sides of the wire.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
