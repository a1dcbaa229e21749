using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>Browser sessions, <c>/api/v1/session</c>, and the caller's role, <c>/api/v1/me</c>.</summary>
internal static class SessionEndpoints
{
    private const string Session = "/api/v1/session", Me = "/api/v1/me";

    /// <summary>Whether a path is the one of sessions, where the token is sent in the body.</summary>
    /// <param name="path">The request's path.</param>
    internal static bool Are(PathString path) => path == Session;

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="sessions">The sessions.</param>
    internal static void Map(IEndpointRouteBuilder routes, Tokens tokens, SessionCookie sessions)
    {
        routes.MapGet(Me, context => WriteAsync(context, AccessMiddleware.RoleOf(context), tokens))
            .Describe("The caller's role", typeof(SessionInfo));
        routes.MapPost(Session, async context =>
        {
            SessionRequest request = await ReadAsync(context.Request);
            ApiRole? role = tokens.AreNeeded ? tokens.RoleOf(request.Token!.Trim()) : ApiRole.Operator;
            if (role is not { } known)
            {
                await ProblemMiddleware.WriteAsync(context, StatusCodes.Status401Unauthorized, "this is not one of the server's tokens");
                return;
            }

            if (tokens.AreNeeded) sessions.Write(context, known);
            await WriteAsync(context, known, tokens);
        }).Describe("Begin a browser session, with a cookie in place of the token", typeof(SessionInfo), body: typeof(SessionRequest));
        routes.MapDelete(Session, context =>
        {
            sessions.End(context);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }).Describe("End it", null, StatusCodes.Status204NoContent);
    }

    private static Task WriteAsync(HttpContext context, ApiRole role, Tokens tokens) =>
        context.Response.WriteAsJsonAsync(new SessionInfo(role, tokens.AreNeeded), ApiJson.Options, context.RequestAborted);

    private static async Task<SessionRequest> ReadAsync(HttpRequest request)
    {
        try
        {
            SessionRequest? read = await JsonSerializer.DeserializeAsync<SessionRequest>(request.Body, ApiJson.Options,
                request.HttpContext.RequestAborted);
            if (read is { Token: { Length: > 0 } }) return read;
        }
        catch (JsonException)
        {
            // Refused below.
        }

        throw new BadInputException("request", "token", null, "a JSON object with the token");
    }
}
