using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Server.Dashboard;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// Lets in who may. With a token: whoever sends it, or has begun a session with it; those with the viewer's token may only look. Without:
/// programs of this machine, and no web page that a person of this machine happens to look at (a foreign <c>Origin</c>, or a name that was
/// made to lead here). The files of the dashboard are everybody's: there is nothing in them.
/// </summary>
/// <param name="next">What follows.</param>
/// <param name="options">What is open.</param>
/// <param name="tokens">The tokens.</param>
/// <param name="sessions">The sessions.</param>
internal sealed class AccessMiddleware(RequestDelegate next, ApiServerOptions options, Tokens tokens, SessionCookie sessions)
{
    private const string Scheme = "Bearer ";

    /// <summary>The role of whoever sends a request that was let in.</summary>
    /// <param name="context">The request.</param>
    internal static ApiRole RoleOf(HttpContext context) => context.Items[typeof(ApiRole)] is ApiRole role ? role : ApiRole.Viewer;

    /// <summary>Refuses the request or hands it on.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!await MayAsync(context)) return;
        if (IsAlwaysOpen(context.Request.Path) || options.WhyClosed?.Invoke() is not { } reason) await next(context);
        else throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, reason));
    }

    private bool IsAlwaysOpen(PathString path) =>
        HealthEndpoints.Are(path) || DashboardEndpoints.Are(path) || options.OpenPaths.Contains(path.Value);

    // False: it has been answered.
    private async Task<bool> MayAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!tokens.AreNeeded)
        {
            if (!ListenAddress.IsThisMachine(request.Host.Host))
                throw Forbidden("Host", request.Host.Value, "without a token the server answers to localhost and 127.0.0.1 only");
            DemandOwnOrigin(request);
            context.Items[typeof(ApiRole)] = ApiRole.Operator;
            return true;
        }

        if (IsAlwaysOpen(request.Path) || SessionEndpoints.Are(request.Path)) return true;
        string? sent = request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
        ApiRole? role = sent is not null ? tokens.RoleOf(sent) : null;
        if (role is null && request.Headers.Authorization.Count == 0)
        {
            role = sessions.Read(request);
            if (role is not null && !Looks(request)) DemandOwnOrigin(request);
        }

        if (role is null)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            string detail = request.Headers.Authorization.Count == 0
                ? "a token is needed: send 'Authorization: Bearer TOKEN' (--token-file or VAECLUSTER_TOKEN)"
                : "this is not the server's token (--token-file or VAECLUSTER_TOKEN)";
            await ProblemMiddleware.WriteAsync(context, StatusCodes.Status401Unauthorized, detail);
            return false;
        }

        if (role == ApiRole.Viewer && !Looks(request))
            throw Forbidden("token", null, "this token is a viewer's, who may only look; the operator's is needed");
        context.Items[typeof(ApiRole)] = role;
        return true;
    }

    private static bool Looks(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static void DemandOwnOrigin(HttpRequest request)
    {
        if (request.Headers.Origin is [{ } origin] && !IsOwn(origin, request.Host))
            throw Forbidden("Origin", origin, "requests of other sites' pages are not taken");
    }

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? site) && site.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private static RunRefusedException Forbidden(string field, string? value, string allowed) =>
        new(RunRefusal.Forbidden, new BadInputException("request", field, value, allowed));
}
