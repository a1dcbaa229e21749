using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace VaeCluster.Server.Http;

/// <summary>Keeps one caller from using up the server: requests from one address or session beyond a rate are answered with 429.</summary>
internal sealed class RateLimit : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    /// <summary>Creates the limits, one for each caller.</summary>
    /// <param name="next">The next middleware.</param>
    /// <param name="options">The rate.</param>
    public RateLimit(RequestDelegate next, ApiServerOptions options)
    {
        _next = next;
        _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context => RateLimitPartition.GetTokenBucketLimiter(
            ClientAddress.GroupOf(context.Connection.RemoteIpAddress),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.Burst,
                TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
                ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                QueueLimit = 0,
                AutoReplenishment = true,
            }));
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    /// <summary>Refuses the request or passes it on.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired || HealthEndpoints.Are(context.Request.Path))
        {
            await _next(context);
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        await ProblemMiddleware.WriteAsync(context, StatusCodes.Status429TooManyRequests,
            "too many requests from this address; try again in a second");
    }
}
