using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>
/// The lines of a log as server-sent events: one event a line, with an <c>id</c> to go on after, its type the line's kind; at last an event
/// <c>end</c> with what the log is of as it is then. Lines come from disk as fast as the reader takes them: a slow one costs a buffer, and
/// one that takes nothing is let go.
/// </summary>
/// <param name="options">Limits and clock.</param>
/// <param name="gate">Counts the streams, and ends them with the server.</param>
internal sealed class EventStream(ApiServerOptions options, StreamGate gate)
{
    /// <summary>The header with the id of the last event that a reader has.</summary>
    internal const string LastEventId = "Last-Event-ID";

    private const int SendAt = 1 << 14;

    /// <summary>Answers a request with a stream.</summary>
    /// <typeparam name="T">What the log is of.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="show">Says how it stands; refuses what there is not, before the stream begins.</param>
    /// <param name="follow">The lines, to the end.</param>
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

    // Before waiting, what is written is sent; while waiting, comments keep the connection alive.
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
            // The enumerator must be at rest before it can be disposed of.
            await ends.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await waiting;
    }
}
