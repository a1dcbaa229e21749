namespace VaeCluster.Server.Http;

/// <summary>A query parameter, for the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">integer, number or string.</param>
/// <param name="Description">Meaning, allowed values and default.</param>
public sealed record ApiParameter(string Name, string Type, string Description);
