using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Server.Http;

/// <summary>
/// Sends the current state of a run to pages that show it: an event <c>run</c> whenever something has changed, at most one per interval,
/// and <c>gone</c> once the run is deleted. Each event holds the whole state, so a reader that reconnects has missed nothing. All readers
/// of a run share one snapshot, so twenty cost as much as one.
/// </summary>
/// <param name="runs">The service.</param>
/// <param name="options">Limits and clock.</param>
/// <param name="gate">Counts the streams, and ends them with the server.</param>
internal sealed class WatchStream(IRunService runs, ApiServerOptions options, StreamGate gate)
{
    // The maximum age of a snapshot. Taking one reads and parses files, which must not slow down training.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(900);

    private const int MostKnown = 256, FewestPoints = 4;

    private readonly ConcurrentDictionary<string, Look> _looks = [];

    /// <summary>Answers a request with a stream of states.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="interval">Seconds between two events.</param>
    internal async Task WriteAsync(HttpContext context, string id, double interval)
    {
        await runs.ShowAsync(id, context.RequestAborted); // refuse an unknown run before the stream begins
        await gate.ServeAsync(context, ends => StreamAsync(new EventResponse(context, options), id, TimeSpan.FromSeconds(interval),
            ends.Token));
    }

    private async Task StreamAsync(EventResponse response, string id, TimeSpan interval, CancellationToken cancellation)
    {
        await response.BeginAsync(cancellation);
        byte[]? sent = null;
        long lastSign = options.Time.GetTimestamp();
        while (true)
        {
            byte[]? now = await LookAsync(id);
            if (now is null)
            {
                response.Write(null, "gone", "{}"u8);
                await response.SendAsync(cancellation);
                return;
            }

            // A shared snapshot is the same object; a newer one may still have the same content.
            bool hasChanged = sent is null || (!ReferenceEquals(now, sent) && !now.AsSpan().SequenceEqual(sent));
            if (hasChanged) response.Write(null, "run", now);
            else if (options.Time.GetElapsedTime(lastSign) >= options.Heartbeat) response.WriteSignOfLife();
            if (response.Unsent > 0)
            {
                await response.SendAsync(cancellation);
                lastSign = options.Time.GetTimestamp();
            }

            sent = now;
            await Task.Delay(interval, options.Time, cancellation);
        }
    }

    private Task<byte[]?> LookAsync(string id)
    {
        long now = options.Time.GetTimestamp();
        if (_looks.Count > MostKnown) _looks.Clear();
        return _looks.AddOrUpdate(
            id,
            (key, self) => new Look(now, self.TakeAsync(key)),
            (key, known, self) => self.IsFresh(known, now) ? known : new Look(now, self.TakeAsync(key)),
            this).Json;
    }

    private bool IsFresh(Look look, long now) => options.Time.GetElapsedTime(look.Taken, now) < Freshness;

    private async Task<byte[]?> TakeAsync(string id)
    {
        try
        {
            RunInfo run = await runs.ShowAsync(id, CancellationToken.None);
            RunCurve curve = await runs.CurveAsync(id, FewestPoints, CancellationToken.None);
            return JsonSerializer.SerializeToUtf8Bytes(new WatchEvent(run with { RunFile = null }, curve.Latest), ApiJson.Options);
        }
        catch (RunRefusedException fault) when (fault.Reason == RunRefusal.NotFound)
        {
            return null;
        }
        catch (FileNotFoundException)
        {
            return null; // deleted while its files were read
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private sealed record Look(long Taken, Task<byte[]?> Json);
}
