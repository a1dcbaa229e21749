using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Training.Service;

namespace VaeCluster.Server.Http;

/// <summary>
/// Lets in who may. With a token: whoever sends it. Without: programs of this machine, and no web page that a person of this machine happens to
/// look at (a foreign <c>Origin</c>, or a name that was made to lead here).
/// </summary>
/// <param name="next">What follows.</param>
/// <param name="options">The token.</param>
internal sealed class AccessMiddleware(RequestDelegate next, ApiServerOptions options)
{
    private const string Scheme = "Bearer ";

    // Hashes have one length: the comparison tells nothing of the token's.
    private readonly byte[]? _token = options.Token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.Token));

    /// <summary>Refuses the request or hands it on.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!await MayAsync(context)) return;
        if (!HealthEndpoints.Are(context.Request.Path) && options.WhyClosed?.Invoke() is { } reason)
            throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, reason));
        await next(context);
    }

    // False: it has been answered.
    private async Task<bool> MayAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (_token is null)
        {
            if (!ListenAddress.IsThisMachine(request.Host.Host))
                throw Forbidden("Host", request.Host.Value, "without a token the server answers to localhost and 127.0.0.1 only");
            if (request.Headers.Origin is [{ } origin] && !IsOwn(origin, request.Host))
                throw Forbidden("Origin", origin, "requests of other sites' pages are not taken");
            return true;
        }

        if (HealthEndpoints.Are(request.Path) || HasToken(request)) return true;

        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        string detail = request.Headers.Authorization.Count == 0
            ? "a token is needed: send 'Authorization: Bearer TOKEN' (--token-file or VAECLUSTER_TOKEN)"
            : "this is not the server's token (--token-file or VAECLUSTER_TOKEN)";
        await ProblemMiddleware.WriteAsync(context, StatusCodes.Status401Unauthorized, detail);
        return false;
    }

    private bool HasToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _token);

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? site) && site.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private static RunRefusedException Forbidden(string header, string? value, string allowed) =>
        new(RunRefusal.Forbidden, new BadInputException("request", header, value, allowed));
}
