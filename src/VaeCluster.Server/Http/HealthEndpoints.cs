using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace VaeCluster.Server.Http;

/// <summary>For those who watch the server itself. They need no token and learn nothing else.</summary>
internal static class HealthEndpoints
{
    private const string Folder = "/health";

    /// <summary>Whether an address is one of these.</summary>
    /// <param name="path">The address's path.</param>
    internal static bool Are(PathString path) => path.StartsWithSegments(Folder);

    /// <summary>Adds them.</summary>
    /// <param name="routes">The server's addresses.</param>
    /// <param name="whyNotReady">The reason, in one line, or null: it is ready.</param>
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
