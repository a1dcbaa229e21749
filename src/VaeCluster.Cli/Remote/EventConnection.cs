using System.Net.ServerSentEvents;

namespace VaeCluster.Cli.Remote;

/// <summary>One connection to a stream of events.</summary>
/// <param name="client">The client.</param>
/// <param name="path">The stream's address.</param>
/// <param name="lastId">The last event that came over an earlier connection; null: none.</param>
internal sealed class EventConnection(HttpClient client, string path, string? lastId) : IAsyncDisposable
{
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<string>>? _events;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_events is not null) await _events.DisposeAsync();
        _response?.Dispose();
    }

    /// <summary>The next event; null: the server has ended the stream.</summary>
    /// <param name="refusal">Makes the fault where the server refuses.</param>
    /// <param name="cancellation">Ends the call, and the connection, early.</param>
    internal async Task<SseItem<string>?> NextAsync(
        Func<HttpResponseMessage, CancellationToken, Task<Exception>> refusal, CancellationToken cancellation)
    {
        if (_events is null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
            _response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!_response.IsSuccessStatusCode) throw await refusal(_response, cancellation);
            Stream body = await _response.Content.ReadAsStreamAsync(cancellation);
            _events = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        }

        return await _events.MoveNextAsync() ? _events.Current : null;
    }
}
