using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;

namespace VaeCluster.Server.Tests;

/// <summary>Browser sessions: what the cookie reveals, how long it lasts, and that signing out ends it.</summary>
public sealed class SessionTests : IDisposable
{
    private const string Token = "operator-token-of-this-test", Name = "vaecluster-session";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_outlives_the_server_and_signing_out_ends_it_for_every_copy_of_the_cookie_and_every_server()
    {
        string first, second;
        await using (TestServer server = await StartAsync())
        {
            (first, second) = (await SignInAsync(server), await SignInAsync(server));
            Assert.NotEqual(first, second);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, first));
            await EndAsync(server, first);
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, first));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server, second));
        }

        await using TestServer next = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(next, first));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(next, second));
        await EndAsync(next, $"{Name}=Operator.99999999999.../../etc.{new string('0', 64)}"); // never a path
    }

    [Fact]
    public async Task The_key_of_sessions_is_random_and_only_its_owner_can_read_it()
    {
        await using TestServer server = await StartAsync();
        string cookie = await SignInAsync(server);
        string[] parts = cookie[(Name.Length + 1)..].Split('.');

        // What earlier releases signed with can be computed from the tokens, or from a guess.
        byte[] guessed = SHA256.HashData(Encoding.UTF8.GetBytes($"vaecluster session\n{Token}\n"));
        foreach (string claim in (string[])[string.Join('.', parts[..^1]), string.Join('.', parts[..2])])
        {
            string signature = Convert.ToHexStringLower(HMACSHA256.HashData(guessed, Encoding.ASCII.GetBytes(claim)));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, $"{Name}={claim}.{signature}"));
        }

        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["runs/.sessions/key"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder["runs/.sessions"]));
    }

    [Fact]
    public async Task Sessions_end_when_a_token_changes_or_the_key_is_damaged()
    {
        string cookie;
        await using (TestServer server = await StartAsync()) cookie = await SignInAsync(server);
        await using (TestServer server = await StartAsync("another-token-of-this-test"))
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, cookie));
        await File.WriteAllTextAsync(_folder["runs/.sessions/key"], "torn");
        await using TestServer next = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(next, cookie));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(next, await SignInAsync(next)));
    }

    [Theory]
    [InlineData("fifteen-letters", false)]
    [InlineData("sixteen-letters-", true)]
    public void A_token_that_can_be_guessed_is_refused_and_not_repeated(string token, bool isLongEnough)
    {
        string file = _folder["token"];
        File.WriteAllText(file, $"{token}\n");
        if (isLongEnough)
        {
            Assert.Equal(token, BearerToken.Read(file));
            return;
        }

        Func<string?>[] readers = [() => BearerToken.Read(file), () => BearerToken.ReadFile(file, "--viewer-token-file")];
        foreach (Func<string?> read in readers)
        {
            BadInputException fault = Assert.Throws<BadInputException>(read);
            Assert.Contains("a token of at least 16 characters", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(token, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    private static async Task<string> SignInAsync(TestServer server)
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync("/api/v1/session", new { token = Token });
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task EndAsync(TestServer server, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/session");
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private static async Task<HttpStatusCode> AskAsync(TestServer server, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, TestServer.Runs);
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }

    private Task<TestServer> StartAsync(string token = Token) => TestServer.StartWholeAsync(_folder["runs"], new ApiServerOptions
    {
        Urls = ["http://127.0.0.1:0"],
        Token = token,
        SessionFolder = _folder["runs/.sessions"],
    }, usesCookies: false);
}
