using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeCluster.Service.Runs;

/// <summary>The API's JSON format: camel case, states by name, nulls written, non-finite numbers as strings.</summary>
public static class ApiJson
{
    /// <summary>The serialiser options, the same for client and server.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
