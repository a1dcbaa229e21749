using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests;

/// <summary>
/// What the server must refuse: changes by viewers, oversized bodies, truncated requests, paths as names, callers beyond the rate limit.
/// </summary>
public sealed class RefusalTests : IDisposable
{
    private const string Operator = "operator-token", Viewer = "viewer-token";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_viewer_can_read_but_not_change_anything()
    {
        await using TestServer server = await StartAsync();
        string id = (await server.SubmitAsync()).Id;
        await server.FollowAsync(id);
        using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Viewer);
        await RefuseAsync(client);

        // The same with a browser's cookie.
        using var browser = new HttpClient { BaseAddress = server.Client.BaseAddress };
        using HttpResponseMessage session = await browser.PostAsJsonAsync("/api/v1/session", new { token = Viewer });
        Assert.Equal(ApiRole.Viewer, (await session.Content.ReadFromJsonAsync<SessionInfo>(ApiJson.Options))!.Role);
        await RefuseAsync(browser);
        Assert.Equal(RunState.Finished, (await server.ShowAsync(id)).State);

        async Task RefuseAsync(HttpClient caller)
        {
            Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync(new Uri($"/api/v1/runs/{id}", UriKind.Relative))).StatusCode);
            string[] acts =
            [
                "POST runs", $"POST runs/{id}/cancel", $"POST runs/{id}/pause", $"POST runs/{id}/resume", $"DELETE runs/{id}",
                    "POST sweeps", "DELETE sweeps/002-tiny",
            ];
            foreach (string act in acts)
            {
                string[] words = act.Split(' ');
                using var request = new HttpRequestMessage(new HttpMethod(words[0]), $"/api/v1/{words[1]}");
                using HttpResponseMessage response = await caller.SendAsync(request);
                Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{act}: {response.StatusCode}");
                Assert.Contains("viewer", (await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options))!.Detail,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_session_is_bound_to_its_site_and_role()
    {
        await using TestServer server = await StartAsync();
        using HttpResponseMessage session = await server.Client.PostAsJsonAsync("/api/v1/session", new { token = Viewer });
        string cookie = Assert.Single(session.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(Viewer, cookie, StringComparison.Ordinal);
        string value = cookie.Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await AskAsync(value, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(value.Replace("Viewer", "Operator", StringComparison.Ordinal), null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(value[..^1] + (value[^1] == '0' ? '1' : '0'), null));
        using HttpResponseMessage own = await server.Client.PostAsJsonAsync("/api/v1/session", new { token = Operator });
        string whole = Assert.Single(own.Headers.GetValues("Set-Cookie")).Split(';')[0];
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(whole, "http://elsewhere.example"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(whole, server.Url));

        async Task<HttpStatusCode> AskAsync(string sent, string? origin)
        {
            using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Client.BaseAddress };
            using var request = new HttpRequestMessage(origin is null
                ? HttpMethod.Get
                : HttpMethod.Post, origin is null ? "/api/v1/runs" : "/api/v1/runs/001-none/cancel");
            request.Headers.Add("Cookie", sent);
            if (origin is not null) request.Headers.Add("Origin", origin);
            return (await client.SendAsync(request)).StatusCode;
        }
    }

    [Fact]
    public async Task A_viewer_token_requires_a_different_operator_token()
    {
        foreach (string? token in (string?[])[null, "same"])
        {
            var options = new ApiServerOptions { Urls = ["http://127.0.0.1:0"], Token = token, ViewerToken = "same" };
            BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => ApiServer.StartAsync(null!, options));
            Assert.Equal("--viewer-token-file", fault.File);
        }
    }

    [Theory]
    [InlineData("Content-Length: 100000000\r\n", "{\"runFile\":\"")]
    [InlineData("Transfer-Encoding: chunked\r\n", null)]
    public async Task A_body_of_a_hundred_megabytes_is_refused_before_it_is_received(string length, string? start)
    {
        await using TestServer server = await StartAsync(token: null);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
        NetworkStream stream = socket.GetStream();
        await SendAsync(stream, $"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}\r\n");
        if (start is not null)
        {
            await SendAsync(stream, start);
        }
        else
        {
            // A chunked body without a length that exceeds the limit; then stop.
            string piece = new('x', 1 << 16);
            await SendAsync(stream, "1\r\n\"\r\n");
            for (int i = 0; i < 17; i++) await SendAsync(stream, $"10000\r\n{piece}\r\n");
        }

        string answer = await ReadAsync(stream);
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("/api/v1/runs", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\nContent-Length: 500\r\n\r\nname: half\n")]
    [InlineData("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Ty")]
    [InlineData("GET /api/v1/runs/001-tiny/events HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /api/v1/runs/001-tiny/watch HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task A_truncated_request_leaves_nothing_behind(string text)
    {
        await using TestServer server = await StartAsync(token: null);
        await server.FollowAsync((await server.SubmitAsync()).Id);
        for (int i = 0; i < 5; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port);
            await SendAsync(socket.GetStream(), text);
            socket.LingerState = new LingerOption(true, 0); // a reset, as when a cable is pulled
        }

        RunPage page = await server.GetAsync<RunPage>(TestServer.Runs);
        Assert.Equal("tiny", Assert.Single(page.Runs).Name);
    }

    [Fact]
    public async Task Names_of_checkpoints_and_files_are_never_used_as_paths()
    {
        string[] names =
        [
            "step-00000012-g1/..%2f..%2frun.yaml", "step-00000012-g1/server.json", "..%2f/run.yaml",
                "step-00000012-g1%2f..%2f..%2f/run.yaml",
            ".writing-step-00000012-g1/state.json", "step-00000012-g1%00/state.json",
        ];
        await using TestServer server = await StartAsync(token: null);
        string id = (await server.SubmitAsync()).Id;
        await server.FollowAsync(id);
        Assert.Contains(await server.GetAsync<RunCheckpoint[]>($"{TestServer.Runs}/{id}/checkpoints"),
            checkpoint => checkpoint.Name == "step-00000012-g1");
        foreach (string name in names)
        {
            using HttpResponseMessage response =
                await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{id}/checkpoints/{name}", UriKind.Relative));
            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{name}: {response.StatusCode}");
            using HttpResponseMessage asset = await server.Client.GetAsync(new Uri($"/assets/{name}", UriKind.Relative));
            Assert.True(asset.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{name}: {asset.StatusCode}");
        }
    }

    [Fact]
    public async Task A_caller_beyond_the_rate_limit_gets_429_and_health_still_answers()
    {
        await using TestServer server = await TestServer.StartWholeAsync(
            _folder["runs"], new ApiServerOptions { Urls = ["http://127.0.0.1:0"], Burst = 5, RequestsPerSecond = 1 });
        var seen = new List<HttpStatusCode>();
        for (int i = 0; i < 20; i++) seen.Add((await server.Client.GetAsync(new Uri("/api/v1/runs", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, seen[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, seen);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
    }

    private Task<TestServer> StartAsync(string? token = Operator) => StartAsync(token, token is null ? null : Viewer);

    private async Task<TestServer> StartAsync(string? token, string? viewer)
    {
        TestServer server = await TestServer.StartWholeAsync(_folder["runs"], new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Token = token,
            ViewerToken = viewer,
        });
        if (token is not null) server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return server;
    }

    private static async Task SendAsync(NetworkStream stream, string text)
    {
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        }
        catch (IOException)
        {
            // The server has closed the connection.
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[200];
        int read = await stream.ReadAtLeastAsync(buffer, 12, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
