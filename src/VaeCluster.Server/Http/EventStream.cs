using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// Sends a log as server-sent events. Each line is an event whose type is the line's kind and whose <c>id</c> lets a reader continue after
/// it; a final event <c>end</c> holds the run or sweep as it is then. Lines are read from disk as fast as the reader takes them: a slow
/// reader costs one buffer, and one that stops reading is disconnected.
/// </summary>
/// <param name="options">Limits and clock.</param>
/// <param name="gate">Counts the streams, and ends them with the server.</param>
internal sealed class EventStream(ApiServerOptions options, StreamGate gate)
{
    /// <summary>The request header with the id of the last event that the reader has.</summary>
    internal const string LastEventId = "Last-Event-ID";

    private const int SendAt = 1 << 14;

    /// <summary>Answers a request with a stream of events.</summary>
    /// <typeparam name="T">The run or sweep that the log belongs to.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="show">Returns the run or sweep; throws for an unknown one before the stream begins.</param>
    /// <param name="follow">Returns the lines up to the end of the log.</param>
    internal async Task WriteAsync<T>(HttpContext context, Func<CancellationToken, Task<T>> show,
        Func<CancellationToken, IAsyncEnumerable<LoggedEvent>> follow)
    {
        await show(context.RequestAborted);
        await gate.ServeAsync(context, ends => StreamAsync(new EventResponse(context, options), show, follow, ends));
    }

    private async Task StreamAsync<T>(
        EventResponse response, Func<CancellationToken, Task<T>> show, Func<CancellationToken, IAsyncEnumerable<LoggedEvent>> follow,
        CancellationTokenSource ends)
    {
        CancellationToken cancellation = ends.Token;
        await response.BeginAsync(cancellation);
        await using IAsyncEnumerator<LoggedEvent> lines = follow(cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(lines, response, ends))
        {
            response.Write(lines.Current.Id, lines.Current.Kind, lines.Current.Json.Span);
            if (response.Unsent >= SendAt) await response.SendAsync(cancellation);
        }

        response.Write(null, "end", JsonSerializer.SerializeToUtf8Bytes(await show(cancellation), ApiJson.Options));
        await response.SendAsync(cancellation);
    }

    // Flush before waiting; while waiting, comments keep the connection alive.
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<LoggedEvent> lines, EventResponse response, CancellationTokenSource ends)
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
            // An enumerator must not be disposed of while a call is pending.
            await ends.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await waiting;
    }
}
