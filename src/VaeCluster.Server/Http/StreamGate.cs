using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>Counts the open streams of all kinds and refuses more than the limit.</summary>
/// <param name="options">The limit.</param>
/// <param name="stopping">Cancelled when the server stops: streams are cut, so that their readers reconnect to its successor.</param>
internal sealed class StreamGate(ApiServerOptions options, CancellationToken stopping)
{
    private int _open;

    /// <summary>Serves a stream and counts it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stream">Writes the stream until it ends or is cancelled.</param>
    /// <exception cref="RunRefusedException">Too many streams are open.</exception>
    internal async Task ServeAsync(HttpContext context, Func<CancellationTokenSource, Task> stream)
    {
        Enter(context);
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await stream(ends);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (TimeoutException)
        {
            // The reader has stopped reading.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private void Enter(HttpContext context)
    {
        if (Interlocked.Increment(ref _open) <= options.MostStreams) return;
        Interlocked.Decrement(ref _open);
        context.Response.Headers.RetryAfter = "5";
        throw new RunRefusedException(
            RunRefusal.Busy, new BadInputException("server", "streams", null,
            $"{options.MostStreams} are open, which is the limit; try again later"));
    }
}
