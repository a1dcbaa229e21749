using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// Counts the open streams of all kinds and refuses more than the limit. Viewers cannot take those that are kept for operators.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="stopping">Cancelled when the server stops: streams are cut, so that their readers reconnect to its successor.</param>
internal sealed class StreamGate(ApiServerOptions options, CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private int _open, _viewers;

    /// <summary>Serves a stream and counts it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stream">Writes the stream until it ends or is cancelled.</param>
    /// <exception cref="RunRefusedException">Too many streams are open.</exception>
    internal async Task ServeAsync(HttpContext context, Func<CancellationTokenSource, Task> stream)
    {
        bool isViewer = AccessMiddleware.RoleOf(context) == ApiRole.Viewer;
        Enter(context, isViewer);
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
            Leave(isViewer);
        }
    }

    private void Enter(HttpContext context, bool isViewer)
    {
        int most = options.MostStreams - (isViewer ? options.StreamsOfOperators : 0);
        lock (_lock)
        {
            if (_open < options.MostStreams && (!isViewer || _viewers < most))
            {
                _open++;
                if (isViewer) _viewers++;
                return;
            }
        }

        context.Response.Headers.RetryAfter = "5";
        string whose = isViewer ? " for viewers" : string.Empty;
        throw new RunRefusedException(
            RunRefusal.Busy, new BadInputException("server", "streams", null,
            $"{most} are open, which is the limit{whose}; try again later"));
    }

    private void Leave(bool isViewer)
    {
        lock (_lock)
        {
            _open--;
            if (isViewer) _viewers--;
        }
    }
}
