using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Server.Dashboard;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// Authorises requests. With tokens configured, a request needs a token or a session that was begun with one; the viewer's token allows
/// only reading. Without tokens, programs on this machine may do everything, but web pages of other sites open in a local browser may not:
/// they are recognised by a foreign <c>Origin</c>, or by a <c>Host</c> that was made to resolve to this machine. The dashboard's files need
/// no authorisation, since they hold no data.
/// </summary>
/// <param name="next">The next middleware.</param>
/// <param name="options">The open paths, and whether the service is ready.</param>
/// <param name="tokens">The tokens.</param>
/// <param name="sessions">The sessions.</param>
internal sealed class AccessMiddleware(RequestDelegate next, ApiServerOptions options, Tokens tokens, SessionCookie sessions)
{
    private const string Scheme = "Bearer ";

    /// <summary>The role of an authorised request.</summary>
    /// <param name="context">The request.</param>
    internal static ApiRole RoleOf(HttpContext context) => context.Items[typeof(ApiRole)] is ApiRole role ? role : ApiRole.Viewer;

    /// <summary>Refuses the request or passes it on.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!await MayAsync(context)) return;
        if (IsAlwaysOpen(context.Request.Path) || options.WhyClosed?.Invoke() is not { } reason) await next(context);
        else throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, reason));
    }

    private bool IsAlwaysOpen(PathString path) =>
        HealthEndpoints.Are(path) || DashboardEndpoints.Are(path) || options.OpenPaths.Contains(path.Value);

    // False if a refusal has been written.
    private async Task<bool> MayAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!tokens.AreNeeded)
        {
            if (!ListenAddress.IsThisMachine(request.Host.Host))
                throw Forbidden("Host", request.Host.Value, "without a token the server only answers requests to localhost or 127.0.0.1");
            DemandOwnOrigin(request);
            context.Items[typeof(ApiRole)] = ApiRole.Operator;
            return true;
        }

        if (IsAlwaysOpen(request.Path)) return true;
        if (SessionEndpoints.Are(request.Path))
        {
            DemandOwnOrigin(request);
            return true;
        }

        string? sent = request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
        ApiRole? role = sent is not null ? tokens.RoleOf(sent) : null;
        if (role is null && request.Headers.Authorization.Count == 0)
        {
            role = sessions.Read(request);
            if (role is not null) DemandOwnOrigin(request);
        }

        if (role is null)
        {
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            string detail = request.Headers.Authorization.Count == 0
                ? "a token is required: send 'Authorization: Bearer TOKEN' (--token-file or VAECLUSTER_TOKEN)"
                : "this is not the server's token (--token-file or VAECLUSTER_TOKEN)";
            await ProblemMiddleware.WriteAsync(context, StatusCodes.Status401Unauthorized, detail);
            return false;
        }

        if (role == ApiRole.Viewer && !Looks(request))
            throw Forbidden("token", null, "this is the viewer's token, which allows only reading; use the operator's token");
        context.Items[typeof(ApiRole)] = role;
        return true;
    }

    private static bool Looks(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static void DemandOwnOrigin(HttpRequest request)
    {
        if (request.Headers.Origin is [{ } origin] && !IsOwn(origin, request.Host))
            throw Forbidden("Origin", origin, "requests from pages of other sites are refused");
    }

    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? site) && site.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private static RunRefusedException Forbidden(string field, string? value, string allowed) =>
        new(RunRefusal.Forbidden, new BadInputException("request", field, value, allowed));
}
