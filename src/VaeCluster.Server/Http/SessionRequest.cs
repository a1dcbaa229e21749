namespace VaeCluster.Server.Http;

/// <summary>The request body that begins a session.</summary>
/// <param name="Token">The operator's token or the viewer's.</param>
public sealed record SessionRequest(string? Token);
