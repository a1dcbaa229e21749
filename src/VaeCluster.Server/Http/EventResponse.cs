using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace VaeCluster.Server.Http;

/// <summary>A response of server-sent events.</summary>
/// <param name="context">The request.</param>
/// <param name="options">How long to wait for a reader that has stopped reading.</param>
internal sealed class EventResponse(HttpContext context, ApiServerOptions options)
{
    private readonly PipeWriter _body = context.Response.BodyWriter;

    /// <summary>Bytes written but not yet sent.</summary>
    internal long Unsent => _body.UnflushedBytes;

    /// <summary>Sends the response headers.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task BeginAsync(CancellationToken cancellation)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // tells proxies not to buffer events
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        return SendAsync(cancellation);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="id">The id; null for none.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="data">The data, one line.</param>
    internal void Write(string? id, string type, ReadOnlySpan<byte> data)
    {
        if (id is not null)
        {
            _body.Write("id: "u8);
            Encoding.UTF8.GetBytes(id, _body);
            _body.Write("\n"u8);
        }

        _body.Write("event: "u8);
        Encoding.UTF8.GetBytes(type, _body);
        _body.Write("\ndata: "u8);
        _body.Write(data);
        _body.Write("\n\n"u8);
    }

    /// <summary>Writes a comment, which keeps the connection alive.</summary>
    internal void WriteSignOfLife() => _body.Write(": alive\n\n"u8);

    /// <summary>Sends everything written so far.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="TimeoutException">The reader has stopped reading.</exception>
    internal async Task SendAsync(CancellationToken cancellation)
    {
        ValueTask<FlushResult> flush = _body.FlushAsync(cancellation);
        if (flush.IsCompleted) await flush;
        else await flush.AsTask().WaitAsync(options.SlowReaderTimeout, options.Time, cancellation);
    }
}
