using System.Security.Cryptography;
using System.Text;

namespace VaeCluster.Server.Http;

/// <summary>The server's tokens, as hashes: those have one length, so that comparing them tells nothing of the tokens'.</summary>
/// <param name="options">The tokens.</param>
internal sealed class Tokens(ApiServerOptions options)
{
    private readonly byte[]? _operator = Hash(options.Token), _viewer = Hash(options.ViewerToken);

    /// <summary>Whether callers need one.</summary>
    internal bool AreNeeded => _operator is not null;

    /// <summary>The role that a token gives.</summary>
    /// <param name="token">What the caller has sent.</param>
    /// <returns>The role; null: it is none of the server's.</returns>
    internal ApiRole? RoleOf(string token)
    {
        byte[] sent = Hash(token)!;
        if (_operator is not null && CryptographicOperations.FixedTimeEquals(sent, _operator)) return ApiRole.Operator;
        if (_viewer is not null && CryptographicOperations.FixedTimeEquals(sent, _viewer)) return ApiRole.Viewer;
        return null;
    }

    private static byte[]? Hash(string? token) => token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
