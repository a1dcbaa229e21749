namespace VaeCluster.Server.Http;

/// <summary>The caller's role.</summary>
/// <param name="Role">What the caller may do.</param>
/// <param name="HasTokens">Whether the server requires tokens.</param>
public sealed record SessionInfo(ApiRole Role, bool HasTokens);
