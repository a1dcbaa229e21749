using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Server.Http;

/// <summary>
/// A sweep's log as server-sent events: one event a line, its <c>id</c> the line's number, its type the line's kind; at last an event <c>end</c> with
/// the sweep as it is then. A reader that comes back with <c>Last-Event-ID</c> gets what follows.
/// </summary>
/// <param name="sweeps">The service.</param>
/// <param name="options">Limits and clock.</param>
/// <param name="gate">Counts the streams.</param>
/// <param name="stopping">The server stops: streams are cut without an <c>end</c>, so that readers come back to its successor.</param>
internal sealed class SweepEvents(ISweepService sweeps, ApiServerOptions options, StreamGate gate, CancellationToken stopping)
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Answers a request with a stream.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The sweep.</param>
    internal async Task WriteAsync(HttpContext context, string id)
    {
        long after = After(context.Request);
        await sweeps.ShowAsync(id, context.RequestAborted); // an unknown sweep is refused before the stream begins
        gate.Enter(context);
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await StreamAsync(new EventResponse(context, options), id, after, ends);
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

    private static long After(HttpRequest request)
    {
        if (request.Headers[LastEventId] is not [{ Length: > 0 } text]) return 0;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : throw new BadInputException("request", LastEventId, text, "the id of an event, such as 12");
    }

    private async Task StreamAsync(EventResponse response, string id, long after, CancellationTokenSource ends)
    {
        CancellationToken cancellation = ends.Token;
        await response.BeginAsync(cancellation);
        await using IAsyncEnumerator<SweepEvent> lines = sweeps.FollowAsync(id, after, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(lines, response, ends))
            response.Write(lines.Current.Position.ToString(CultureInfo.InvariantCulture), lines.Current.Kind, lines.Current.Json.Span);

        SweepInfo end = await sweeps.ShowAsync(id, cancellation);
        response.Write(null, "end", JsonSerializer.SerializeToUtf8Bytes(end, ApiJson.Options));
        await response.SendAsync(cancellation);
    }

    // Before waiting, what is written is sent; while waiting, comments keep the connection alive.
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<SweepEvent> lines, EventResponse response, CancellationTokenSource ends)
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
