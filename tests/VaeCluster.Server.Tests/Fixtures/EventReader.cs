using System.Text.Json;

namespace VaeCluster.Server.Tests.Fixtures;

/// <summary>Reads server-sent events strictly by their format, without a library.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
    }

    internal static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, response.ToString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    internal async IAsyncEnumerable<ServerEvent> ReadAsync()
    {
        string id = string.Empty, type = string.Empty, data = string.Empty;
        while (await _lines.ReadLineAsync() is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
            {
                yield return new ServerEvent(id, type, data);
                id = type = data = string.Empty;
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
        }
    }

    /// <summary>Reads a number of events and leaves the rest.</summary>
    internal async Task<List<ServerEvent>> TakeAsync(int count)
    {
        var taken = new List<ServerEvent>();
        await foreach (ServerEvent item in ReadAsync())
        {
            taken.Add(item);
            if (taken.Count == count) break;
        }

        return taken;
    }
}

/// <summary>A received event.</summary>
internal readonly record struct ServerEvent(string Id, string Type, string Data)
{
    internal int Step
    {
        get
        {
            using JsonDocument json = JsonDocument.Parse(Data);
            return json.RootElement.GetProperty("step").GetInt32();
        }
    }
}
