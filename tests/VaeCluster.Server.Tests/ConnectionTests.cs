using System.Net;
using System.Net.Sockets;
using System.Text;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;

namespace VaeCluster.Server.Tests;

/// <summary>Connections of callers without a token shut nobody out, least of all the supervisor that checks the server's health.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private const string Health = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private const string List = "GET /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private readonly TempFolder _folder = new();
    private readonly List<Socket> _sockets = [];
    private TestServer? _server;

    public async ValueTask DisposeAsync()
    {
        foreach (Socket socket in _sockets) socket.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silent_connections_shut_out_neither_health_checks_nor_other_requests()
    {
        await StartAsync(new ApiServerOptions { MostConnections = 8, MostSilentConnections = 10 });
        Socket first = await ConnectAsync();
        for (int i = 0; i < 30; i++) await ConnectAsync();
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(Health), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(List), StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(first)); // the oldest had to go
    }

    [Fact]
    public async Task A_silent_connection_is_closed_after_a_while()
    {
        await StartAsync(new ApiServerOptions { FirstByteTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Empty(await ReadAsync(await ConnectAsync()));
        Assert.Empty(await ReadAsync(await ConnectAsync("GET /heal"))); // says too little
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(List), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_never_completed_fill_the_places_of_requests_but_not_those_of_health_checks()
    {
        await StartAsync(new ApiServerOptions { MostConnections = 6, MostConnectionsPerAddress = 6 });
        for (int i = 0; i < 6; i++) await ConnectAsync("GET /api/v1/runs HTTP/1.1\r\nHo");
        await UntilAsync(List, "HTTP/1.1 503");
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(Health), StringComparison.Ordinal);
        foreach (Socket socket in _sockets) socket.Dispose();
        await UntilAsync(List, "HTTP/1.1 200");
    }

    [Fact]
    public async Task One_address_does_not_get_all_connections()
    {
        await StartAsync(new ApiServerOptions { MostConnections = 6, MostConnectionsPerAddress = 4 });
        for (int i = 0; i < 4; i++) await ConnectAsync("GET /api/v1/runs HTTP/1.1\r\nHo");
        await UntilAsync(List, "HTTP/1.1 503");
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(List, from: "127.0.0.2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_checks_that_are_never_completed_shut_out_no_other_health_check()
    {
        await StartAsync(new ApiServerOptions { MostHealthConnections = 3 });
        Socket first = await ConnectAsync("GET /health/live HTTP/1.1\r\nHo");
        for (int i = 0; i < 9; i++) await ConnectAsync("GET /health/ready HTTP/1.1\r\nHo");
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(Health), StringComparison.Ordinal);
        Assert.Empty(await ReadAsync(first));
    }

    [Theory]
    [InlineData("G|ET /health/li|ve HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("HEAD /health|/live HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 405")]
    [InlineData("GET /hea|lthy HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 404")]
    [InlineData("GET /api/v1/r|uns HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400")]
    public async Task A_request_in_pieces_is_read_whole(string pieces, string answer)
    {
        await StartAsync(new ApiServerOptions());
        Socket socket = await ConnectAsync();
        socket.NoDelay = true;
        foreach (string piece in pieces.Split('|'))
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(piece));
            await Task.Yield();
        }

        Assert.StartsWith(answer, await ReadAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::1")]
    public void A_client_is_its_address_or_its_network(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ClientAddress.GroupOf(IPAddress.Parse(address)));

    private async Task StartAsync(ApiServerOptions options) =>
        _server = await TestServer.StartWholeAsync(_folder["runs"], options with { Urls = ["http://127.0.0.1:0"], Burst = 100_000 });

    private async Task<Socket> ConnectAsync(string text = "", string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(_server!.Url).Port);
        if (text.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    private async Task<string> AskAsync(string request, string from = "127.0.0.1") => await ReadAsync(await ConnectAsync(request, from));

    // The server takes connections in on other threads.
    private async Task UntilAsync(string request, string answer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Socket socket = await ConnectAsync(request);
            string got = await ReadAsync(socket);
            socket.Dispose();
            if (got.StartsWith(answer, StringComparison.Ordinal)) return;
            Assert.False(limit.IsCancellationRequested, got);
        }
    }

    // Empty if the server has closed the connection.
    private static async Task<string> ReadAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[64];
        try
        {
            int read = await socket.ReceiveAsync(buffer, limit.Token);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (SocketException)
        {
            return string.Empty;
        }
    }
}
