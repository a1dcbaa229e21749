namespace VaeCluster.Server.Http;

/// <summary>Who a caller is.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="HasTokens">Whether the server asks for tokens at all.</param>
public sealed record SessionInfo(ApiRole Role, bool HasTokens);
