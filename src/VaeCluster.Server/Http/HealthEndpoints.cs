using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace VaeCluster.Server.Http;

/// <summary>Health checks for supervisors. They need no token and reveal nothing else.</summary>
internal static class HealthEndpoints
{
    private const string Folder = "/health";

    /// <summary>Whether a path belongs to the health checks.</summary>
    /// <param name="path">The request's path.</param>
    internal static bool Are(PathString path) => path.StartsWithSegments(Folder);

    /// <summary>Adds the health checks.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="whyNotReady">Returns the reason in one line, or null if the server is ready.</param>
    internal static void Map(IEndpointRouteBuilder routes, Func<CancellationToken, Task<string?>> whyNotReady)
    {
        routes.MapGet($"{Folder}/live", context => context.Response.WriteAsync("live\n", context.RequestAborted));
        routes.MapGet($"{Folder}/ready", async context =>
        {
            string? reason = await whyNotReady(context.RequestAborted);
            if (reason is null) await context.Response.WriteAsync("ready\n", context.RequestAborted);
            else await ProblemMiddleware.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, reason);
        });
    }
}
