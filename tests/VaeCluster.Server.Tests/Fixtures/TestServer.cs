using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VaeCluster.Core.Reduction;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Service.InProcess;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests.Fixtures;

/// <summary>A complete server on its own port, and a client for it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    internal const string Runs = "/api/v1/runs";

    private readonly InProcessService _service;
    private readonly ApiServer _server;

    private readonly Gate? _gate;

    private TestServer(InProcessService service, ApiServer server, Gate? gate, bool usesCookies = true)
    {
        _gate = gate;
        _service = service;
        _server = server;
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = usesCookies }) { BaseAddress = new Uri(server.Addresses[0]) };
    }

    internal HttpClient Client { get; }

    /// <summary>Every route with its method.</summary>
    internal IEnumerable<string> Routes => _server.Routes;

    internal string Url => _server.Addresses[0];

    /// <summary>Starts a server with sweeps, as the program does.</summary>
    internal static async Task<TestServer> StartWholeAsync(string runs, ApiServerOptions options, bool usesCookies = true)
    {
        InProcessService service = await InProcessService.OpenAsync(new InProcessOptions
        {
            RunsFolder = runs,
            Engine = () => new ManagedEngine(),
        });
        ApiServer server = await ApiServer.StartAsync(service.Runs, options with { Sweeps = service.Sweeps });
        return new TestServer(service, server, null, usesCookies);
    }

    /// <summary>Starts a server on a folder of runs.</summary>
    internal static async Task<TestServer> StartAsync(
        string runs, string? token = null, Gate? gate = null, Action<string, int, TreeNode>? beforeNode = null, int parallel = 1,
        params string[] data)
    {
        InProcessService service = await InProcessService.OpenAsync(new InProcessOptions
        {
            RunsFolder = runs,
            DataFolders = data,
            Engine = () => new ManagedEngine(),
            BeforeNode = beforeNode ?? (gate is null ? null : gate.Before),
            Parallel = parallel,
        });
        var server = await ApiServer.StartAsync(service.Runs, new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Token = token,
            Sweeps = service.Sweeps,
        });
        return new TestServer(service, server, gate);
    }

    /// <summary>
    /// Tells the server to stop while the gate holds a run. The inner task ends when the run has stopped, which requires the gate to be
    /// open.
    /// </summary>
    internal async Task<Task> BeginStopAsync()
    {
        await _server.DisposeAsync();
        return _service.DisposeAsync().AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        // A failed test must not wait for a run that its gate holds.
        _gate?.Open();
        Client.Dispose();
        await _server.DisposeAsync();
        await _service.DisposeAsync();
    }

    internal async Task<RunInfo> SubmitAsync(string text = TinyRun.Text)
    {
        using HttpResponseMessage response = await PostAsync(Runs, text, "application/yaml");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<RunInfo>(ApiJson.Options))!;
    }

    internal async Task<HttpResponseMessage> PostAsync(string path, string body, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await Client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    internal async Task<T> GetAsync<T>(string path) => (await Client.GetFromJsonAsync<T>(path, ApiJson.Options))!;

    internal Task<RunInfo> ShowAsync(string id) => GetAsync<RunInfo>($"{Runs}/{id}");

    internal async Task<RunInfo> PostAsync(string path)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri(path, UriKind.Relative), null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<RunInfo>(ApiJson.Options))!;
    }

    /// <summary>Submits a sweep and waits for its end.</summary>
    internal async Task<string> SweepAsync(string text)
    {
        using HttpResponseMessage response = await PostAsync("/api/v1/sweeps", text, "application/yaml");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        using JsonDocument sweep = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        string id = sweep.RootElement.GetProperty("id").GetString()!;
        await using EventReader events = await EventReader.OpenAsync(Client, $"/api/v1/sweeps/{id}/events");
        await foreach (ServerEvent item in events.ReadAsync()) Assert.NotEqual("failure", item.Type);
        return id;
    }

    /// <summary>Follows a run to the end of its stream.</summary>
    internal async Task<RunInfo> FollowAsync(string id)
    {
        await using EventReader events = await EventReader.OpenAsync(Client, $"{Runs}/{id}/events");
        ServerEvent last = default;
        await foreach (ServerEvent item in events.ReadAsync()) last = item;
        Assert.Equal("end", last.Type);
        return JsonSerializer.Deserialize<RunInfo>(last.Data, ApiJson.Options)!;
    }
}
