using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Training.Service;

namespace VaeCluster.Server.Http;

/// <summary>
/// A run's metrics as server-sent events: one event a line, its <c>id</c> the line's <see cref="MetricsPosition"/>, its type the line's kind; at
/// last an event <c>end</c> with the run as it is then. A reader that comes back with <c>Last-Event-ID</c> gets what follows. Lines come from
/// disk as fast as the reader takes them: a slow one costs a buffer, and one that takes nothing is let go.
/// </summary>
/// <param name="runs">The service.</param>
/// <param name="options">Limits and clock.</param>
/// <param name="stopping">The server stops: streams are cut without an <c>end</c>, so that readers come back to its successor.</param>
internal sealed class EventStream(IRunService runs, ApiServerOptions options, CancellationToken stopping)
{
    private const int FlushAt = 1 << 14;
    private const string LastEventId = "Last-Event-ID";

    private int _open;

    /// <summary>Answers a request with a stream.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="fromStep">The first step that is wanted.</param>
    internal async Task WriteAsync(HttpContext context, string id, int fromStep)
    {
        MetricsPosition after = After(context.Request, fromStep);
        await runs.ShowAsync(id, context.RequestAborted); // an unknown run is refused before the stream begins
        if (Interlocked.Increment(ref _open) > options.MostStreams)
        {
            Interlocked.Decrement(ref _open);
            context.Response.Headers.RetryAfter = "5";
            throw new RunRefusedException(
                RunRefusal.Busy, new BadInputException("server", "streams", null, $"{options.MostStreams} are open, which is the most; try again later"));
        }

        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await StreamAsync(context, id, after, ends);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (TimeoutException)
        {
            // The reader takes nothing.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static MetricsPosition After(HttpRequest request, int fromStep)
    {
        MetricsPosition from = MetricsPosition.Before(fromStep);
        if (request.Headers[LastEventId] is not [{ Length: > 0 } text]) return from;
        if (!MetricsPosition.TryParse(text, out MetricsPosition last)) throw new BadInputException("request", LastEventId, text, "the id of an event, such as 12.0");
        return last > from ? last : from;
    }

    private async Task StreamAsync(HttpContext context, string id, MetricsPosition after, CancellationTokenSource ends)
    {
        CancellationToken cancellation = ends.Token;
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // proxies must not hold events back
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();

        PipeWriter body = response.BodyWriter;
        await FlushAsync(body, cancellation);
        await using IAsyncEnumerator<MetricsLine> lines = runs.FollowAsync(id, after, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(lines, body, ends))
        {
            Write(body, lines.Current);
            if (body.UnflushedBytes >= FlushAt) await FlushAsync(body, cancellation);
        }

        RunInfo end = await runs.ShowAsync(id, cancellation);
        body.Write("event: end\ndata: "u8);
        body.Write(JsonSerializer.SerializeToUtf8Bytes(end, ApiJson.Options));
        body.Write("\n\n"u8);
        await FlushAsync(body, cancellation);
    }

    // Before waiting, what is written is sent; while waiting, comments keep the connection alive.
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<MetricsLine> lines, PipeWriter body, CancellationTokenSource ends)
    {
        CancellationToken cancellation = ends.Token;
        ValueTask<bool> next = lines.MoveNextAsync();
        if (next.IsCompleted) return await next;

        Task<bool> waiting = next.AsTask();
        try
        {
            await FlushAsync(body, cancellation);
            while (await Task.WhenAny(waiting, Task.Delay(options.Heartbeat, options.Time, cancellation)) != waiting)
            {
                cancellation.ThrowIfCancellationRequested();
                body.Write(": alive\n\n"u8);
                await FlushAsync(body, cancellation);
            }
        }
        catch
        {
            // The enumerator must be at rest before it can be disposed of.
            await ends.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await waiting;
    }

    private async Task FlushAsync(PipeWriter body, CancellationToken cancellation)
    {
        ValueTask<FlushResult> flush = body.FlushAsync(cancellation);
        if (flush.IsCompleted) await flush;
        else await flush.AsTask().WaitAsync(options.Patience, options.Time, cancellation);
    }

    private static void Write(PipeWriter body, in MetricsLine line)
    {
        body.Write("id: "u8);
        Encoding.UTF8.GetBytes(line.Position.ToString(), body);
        body.Write("\nevent: "u8);
        Encoding.UTF8.GetBytes(line.Kind, body);
        body.Write("\ndata: "u8);
        body.Write(line.Json.Span);
        body.Write("\n\n"u8);
    }
}
