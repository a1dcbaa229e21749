using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;

namespace VaeCluster.Server.Http;

/// <summary>
/// A run's metrics as server-sent events: one event a line, its <c>id</c> the line's <see cref="MetricsPosition"/>, its type the line's kind; at
/// last an event <c>end</c> with the run as it is then. A reader that comes back with <c>Last-Event-ID</c> gets what follows. Lines come from
/// disk as fast as the reader takes them: a slow one costs a buffer, and one that takes nothing is let go.
/// </summary>
/// <param name="runs">The service.</param>
/// <param name="options">Limits and clock.</param>
/// <param name="gate">Counts the streams.</param>
/// <param name="stopping">The server stops: streams are cut without an <c>end</c>, so that readers come back to its successor.</param>
internal sealed class EventStream(IRunService runs, ApiServerOptions options, StreamGate gate, CancellationToken stopping)
{
    private const int SendAt = 1 << 14;
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Answers a request with a stream.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="fromStep">The first step that is wanted.</param>
    internal async Task WriteAsync(HttpContext context, string id, int fromStep)
    {
        MetricsPosition after = After(context.Request, fromStep);
        await runs.ShowAsync(id, context.RequestAborted); // an unknown run is refused before the stream begins
        gate.Enter(context);
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
            gate.Leave();
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
        var response = new EventResponse(context, options);
        await response.BeginAsync(cancellation);
        await using IAsyncEnumerator<MetricsLine> lines = runs.FollowAsync(id, after, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(lines, response, ends))
        {
            response.Write(lines.Current.Position.ToString(), lines.Current.Kind, lines.Current.Json.Span);
            if (response.Unsent >= SendAt) await response.SendAsync(cancellation);
        }

        RunInfo end = await runs.ShowAsync(id, cancellation);
        response.Write(null, "end", JsonSerializer.SerializeToUtf8Bytes(end, ApiJson.Options));
        await response.SendAsync(cancellation);
    }

    // Before waiting, what is written is sent; while waiting, comments keep the connection alive.
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<MetricsLine> lines, EventResponse response, CancellationTokenSource ends)
    {
        CancellationToken cancellation = ends.Token;
        ValueTask<bool> next = lines.MoveNextAsync();
        if (next.IsCompleted) return await next;

        Task<bool> waiting = next.AsTask();
        try
        {
            await response.SendAsync(cancellation);
            while (await Task.WhenAny(waiting, Task.Delay(options.Heartbeat, options.Time, cancellation)) != waiting)
            {
                cancellation.ThrowIfCancellationRequested();
                response.WriteSignOfLife();
                await response.SendAsync(cancellation);
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
}
