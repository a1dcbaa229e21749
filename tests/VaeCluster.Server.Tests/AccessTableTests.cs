using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;

namespace VaeCluster.Server.Tests;

/// <summary>
/// Who may call which endpoint, as in SECURITY.md. A route that is not in the table fails the test, so nobody adds one without deciding
/// who may call it.
/// </summary>
public sealed class AccessTableTests : IDisposable
{
    private const string Operator = "operator-token-of-this-test", Viewer = "viewer-token-of-this-test";

    private const string Foreign = "http://elsewhere.example";

    /// <summary>
    /// open: everybody, without a token; read: viewers and operators; change: operators; session: signing in and out, where the token is in
    /// the body.
    /// </summary>
    private const string Table =
        """
        GET    /                                                  open
        HEAD   /                                                  open
        GET    /favicon.ico                                       open
        HEAD   /favicon.ico                                       open
        GET    /assets/{name}                                     open
        HEAD   /assets/{name}                                     open
        GET    /health/live                                       open
        GET    /health/ready                                      open
        GET    /metrics                                           open
        POST   /api/v1/session                                    session
        DELETE /api/v1/session                                    session
        GET    /api/v1/me                                         read
        GET    /api/v1/openapi.json                               read
        GET    /api/v1/runs                                       read
        GET    /api/v1/runs/{id}                                  read
        GET    /api/v1/runs/{id}/events                           read
        GET    /api/v1/runs/{id}/watch                            read
        GET    /api/v1/runs/{id}/curve                            read
        GET    /api/v1/runs/{id}/workers                          read
        GET    /api/v1/runs/{id}/report                           read
        GET    /api/v1/runs/{id}/result                           read
        GET    /api/v1/runs/{id}/checkpoints                      read
        GET    /api/v1/runs/{id}/checkpoints/{name}/{file}        read
        GET    /api/v1/runs/{id}/model                            read
        GET    /api/v1/runs/{id}/code                             read
        GET    /api/v1/runs/{id}/decode                           read
        GET    /api/v1/runs/{id}/samples                          read
        GET    /api/v1/runs/{id}/reconstructions                  read
        GET    /api/v1/runs/{id}/traversal                        read
        GET    /api/v1/runs/{id}/interpolation                    read
        POST   /api/v1/runs                                       change
        POST   /api/v1/runs/{id}/cancel                           change
        POST   /api/v1/runs/{id}/pause                            change
        POST   /api/v1/runs/{id}/resume                           change
        DELETE /api/v1/runs/{id}                                  change
        GET    /api/v1/sweeps                                     read
        GET    /api/v1/sweeps/{id}                                read
        GET    /api/v1/sweeps/{id}/events                         read
        GET    /api/v1/sweeps/{id}/report                         read
        GET    /api/v1/sweeps/{id}/summary                        read
        POST   /api/v1/sweeps                                     change
        POST   /api/v1/sweeps/{id}/cancel                         change
        POST   /api/v1/sweeps/{id}/pause                          change
        POST   /api/v1/sweeps/{id}/resume                         change
        POST   /api/v1/sweeps/{id}/change                         change
        DELETE /api/v1/sweeps/{id}                                change
        """;

    private static readonly (string Method, string Path, string Access)[] Rows =
    [
        .. Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(words => (words[0], words[1], words[2])),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_route_is_in_the_table()
    {
        await using TestServer server = await StartAsync(withTokens: true);
        string[] expected = [.. Rows.Where(row => row.Path != "/metrics").Select(row => $"{row.Method} {row.Path}")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), server.Routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_tokens_each_role_gets_what_the_table_says()
    {
        await using TestServer server = await StartAsync(withTokens: true);
        string viewer = await SignInAsync(server, Viewer), admin = await SignInAsync(server, Operator),
            ended = await SignInAsync(server, Operator);
        using (HttpResponseMessage end = await SendAsync(server, "DELETE", "/api/v1/session", ("Cookie", ended)))
            Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);

        // For each caller: the answers to open, session, read and change. 0: any but 401 and 403.
        (string Caller, (string, string)[] Headers, int Open, int Session, int Read, int Change)[] callers =
        [
            ("no token", [], 0, 0, 401, 401),
            ("bad token", [("Authorization", "Bearer not-a-token-of-this-test")], 0, 0, 401, 401),
            ("no scheme", [("Authorization", Operator)], 0, 0, 401, 401),
            ("token in the query only", [("X-Token", Operator)], 0, 0, 401, 401),
            ("viewer", [("Authorization", $"Bearer {Viewer}")], 0, 0, 0, 403),
            ("operator", [("Authorization", $"Bearer {Operator}")], 0, 0, 0, 0),
            ("viewer's cookie", [("Cookie", viewer)], 0, 0, 0, 403),
            ("operator's cookie", [("Cookie", admin), ("Origin", server.Url)], 0, 0, 0, 0),
            ("signed out cookie", [("Cookie", ended)], 0, 0, 401, 401),
            ("forged cookie", [("Cookie", admin[..^4] + "0000")], 0, 0, 401, 401),
            ("viewer's cookie made an operator's", [("Cookie", viewer.Replace("Viewer", "Operator", StringComparison.Ordinal))], 0, 0, 401,
                401),
            ("bad token beside a cookie", [("Authorization", "Bearer wrong"), ("Cookie", admin)], 0, 0, 401, 401),
            ("page of another site with the cookie", [("Cookie", admin), ("Origin", Foreign)], 0, 403, 403, 403),
            ("sandboxed page with the cookie", [("Cookie", admin), ("Origin", "null")], 0, 403, 403, 403),
        ];
        foreach ((string caller, (string, string)[] headers, int open, int session, int read, int change) in callers)
        {
            await CheckAsync(server, caller, headers, access => access switch
            {
                "open" => open,
                "session" => session,
                "read" => read,
                _ => change,
            });
        }
    }

    [Fact]
    public async Task Without_tokens_this_machine_may_do_everything_and_pages_of_other_sites_nothing()
    {
        await using TestServer server = await StartAsync(withTokens: false);
        await CheckAsync(server, "local", [], _ => 0);
        await CheckAsync(server, "own page", [("Origin", server.Url)], _ => 0);
        await CheckAsync(server, "page of another site", [("Origin", Foreign)], _ => 403);
        await CheckAsync(server, "rebound name", [("Host", "rebound.example")], _ => 403);
    }

    private static async Task CheckAsync(TestServer server, string caller, (string Name, string)[] headers, Func<string, int> expected)
    {
        foreach ((string method, string route, string access) in Rows)
        {
            // It would end the session that the next rows need; what it does is a test of its own.
            if ((method, route) == ("DELETE", "/api/v1/session") && expected(access) == 0 && headers.Any(header => header.Name == "Cookie"))
                continue;
            string path = route.Replace("{id}", "001-none", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal)
                .Replace("{file}", "none", StringComparison.Ordinal);
            using HttpResponseMessage response = await SendAsync(server, method, path, headers);
            int status = (int)response.StatusCode, wanted = expected(access);
            bool fits = wanted != 0 ? status == wanted : status is not (401 or 403) || (access == "session" && method == "POST");
            Assert.True(fits && status < 500, $"{caller}: {method} {route}: {status}, expected {wanted}");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string method, string path,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await server.Client.SendAsync(request);
    }

    private static async Task<string> SignInAsync(TestServer server, string token)
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync("/api/v1/session", new { token });
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<TestServer> StartAsync(bool withTokens)
    {
        TestServer server = await TestServer.StartWholeAsync(_folder["runs"], new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Token = withTokens ? Operator : null,
            ViewerToken = withTokens ? Viewer : null,
            OpenPaths = ["/metrics"],
            Burst = 100_000,
            Extend = app => app.Use((context, next) => context.Request.Path == "/metrics"
                ? context.Response.WriteAsync("# EOF\n")
                : next(context)),
        }, usesCookies: false);
        return server;
    }
}
