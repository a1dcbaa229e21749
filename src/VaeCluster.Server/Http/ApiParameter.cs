namespace VaeCluster.Server.Http;

/// <summary>A value in the query of an address, for the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">integer, number or string.</param>
/// <param name="Description">What it is, what is allowed, and its default.</param>
public sealed record ApiParameter(string Name, string Type, string Description);
