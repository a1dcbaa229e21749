using System.Security.Cryptography;
using System.Text;

namespace VaeCluster.Server.Http;

/// <summary>The server's tokens, kept as hashes of equal length, so that comparing them does not reveal the length of a token.</summary>
/// <param name="options">The tokens.</param>
internal sealed class Tokens(ApiServerOptions options)
{
    private readonly byte[]? _operator = Hash(options.Token), _viewer = Hash(options.ViewerToken);

    /// <summary>Whether callers need a token.</summary>
    internal bool AreNeeded => _operator is not null;

    /// <summary>The role that a token gives.</summary>
    /// <param name="token">The token that the caller sent.</param>
    /// <returns>The role; null if the token is not one of the server's.</returns>
    internal ApiRole? RoleOf(string token)
    {
        byte[] sent = Hash(token)!;
        if (_operator is not null && CryptographicOperations.FixedTimeEquals(sent, _operator)) return ApiRole.Operator;
        if (_viewer is not null && CryptographicOperations.FixedTimeEquals(sent, _viewer)) return ApiRole.Viewer;
        return null;
    }

    private static byte[]? Hash(string? token) => token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
