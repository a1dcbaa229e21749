using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>Counts the streams that are open, of all kinds, and lets in no more than the limit.</summary>
/// <param name="options">The limit.</param>
internal sealed class StreamGate(ApiServerOptions options)
{
    private int _open;

    /// <summary>A stream begins.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="RunRefusedException">Too many are open.</exception>
    internal void Enter(HttpContext context)
    {
        if (Interlocked.Increment(ref _open) <= options.MostStreams) return;
        Leave();
        context.Response.Headers.RetryAfter = "5";
        throw new RunRefusedException(
            RunRefusal.Busy, new BadInputException("server", "streams", null, $"{options.MostStreams} are open, which is the most; try again later"));
    }

    /// <summary>A stream has ended.</summary>
    internal void Leave() => Interlocked.Decrement(ref _open);
}
