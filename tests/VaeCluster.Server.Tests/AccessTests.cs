using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests;

public sealed class AccessTests : IDisposable
{
    private const string Token = "a-token-of-this-test";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a-token-of-this-tes", HttpStatusCode.Unauthorized)]
    [InlineData("Basic a-token-of-this-test", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer a-token-of-this-test", HttpStatusCode.OK)]
    public async Task A_request_needs_the_token(string? authorization, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], Token);
        if (authorization is not null) server.Client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri(TestServer.Runs, UriKind.Relative));
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK) return;
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("token", (await ReadProblemAsync(response)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://trainer:0")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("127.0.0.1")]
    public async Task Without_a_token_only_loopback_addresses_are_accepted(string url)
    {
        var fault = await Assert.ThrowsAsync<BadInputException>(() => ApiServer.StartAsync(null!, new ApiServerOptions { Urls = [url] }));
        Assert.Equal("--urls", fault.File);
    }

    [Theory]
    [InlineData("Host", "rebound.example")]
    [InlineData("Origin", "http://elsewhere.example")]
    public async Task Without_a_token_requests_from_other_sites_are_refused(string header, string value)
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{TestServer.Runs}/001-a/cancel");
        request.Headers.Add(header, value);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(header, (await ReadProblemAsync(response)).Field);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("..%2fsecret")]
    [InlineData("001-a%2F..%2F..%2Fsecret")]
    [InlineData("001-..%5Csecret")]
    [InlineData("001-a%00")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("001-unknown")]
    [InlineData(".server.lock")]
    public async Task An_id_is_never_used_as_a_path(string id)
    {
        Directory.CreateDirectory(_folder["secret"]);
        await File.WriteAllTextAsync(_folder["secret/run.yaml"], TinyRun.Text);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        foreach (string what in (string[])["", "/events", "/report", "/result"])
        {
            using HttpResponseMessage response = await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{id}{what}", UriKind.Relative));
            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{id}{what}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("closed/images.idx")]
    [InlineData("open/../closed/images.idx")]
    [InlineData("open/link.idx")]
    [InlineData("open-too/images.idx")]
    [InlineData("/etc/passwd")]
    public async Task Data_outside_the_data_folders_is_forbidden(string path)
    {
        foreach (string name in (string[])["closed", "open", "open-too"])
        {
            Directory.CreateDirectory(_folder[name]);
            SmallIdx.Write(Path.Combine(_folder[name], "images.idx"));
        }

        File.CreateSymbolicLink(_folder["open/link.idx"], _folder["closed/images.idx"]);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], data: _folder["open"]);
        using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, SmallIdx.Run(_folder[path]), "application/yaml");
        ApiProblem problem = await ReadProblemAsync(response);
        Assert.Equal((403, "data.path"), (problem.Status, problem.Field));
        Assert.Contains(_folder["open"], problem.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task Relative_data_paths_are_found_in_the_data_folders_and_next_to_the_run_file()
    {
        Directory.CreateDirectory(_folder["open/deep"]);
        SmallIdx.Write(_folder["open/deep/images.idx"]);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], data: _folder["open"]);
        using HttpResponseMessage inFolder = await server.PostAsync(TestServer.Runs, SmallIdx.Run("deep/images.idx"), "application/yaml");
        Assert.Equal(HttpStatusCode.Created, inFolder.StatusCode);
        string beside = JsonSerializer.Serialize(new { runFile = SmallIdx.Run("images.idx"), folder = _folder["open/deep"] });
        using HttpResponseMessage besideFile = await server.PostAsync(TestServer.Runs, beside, "application/json");
        Assert.Equal(HttpStatusCode.Created, besideFile.StatusCode);
        using HttpResponseMessage climbing = await server.PostAsync(TestServer.Runs, SmallIdx.Run("../images.idx"), "application/yaml");
        Assert.Equal(HttpStatusCode.Forbidden, climbing.StatusCode);
        using HttpResponseMessage missing = await server.PostAsync(TestServer.Runs, SmallIdx.Run("none.idx"), "application/yaml");
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        await server.FollowAsync("002-bars");
    }

    [Fact]
    public async Task A_link_out_of_the_data_folders_is_reported_as_such()
    {
        Directory.CreateDirectory(_folder["open"]);
        Directory.CreateDirectory(_folder["disk"]);
        SmallIdx.Write(_folder["disk/images.idx"]);
        Directory.CreateSymbolicLink(_folder["open/bars"], _folder["disk"]);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], data: _folder["open"]);
        string submission = JsonSerializer.Serialize(new { runFile = SmallIdx.Run("open/bars/images.idx"), folder = _folder.Path });
        using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, submission, "application/json");
        ApiProblem problem = await ReadProblemAsync(response);
        Assert.Equal((403, "data.path"), (problem.Status, problem.Field));
        Assert.Contains("a link leads out of them", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder["disk"], problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_too_large()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);

        // The server answers before it has read the body, so a client that keeps sending writes to a closed connection.
        server.Client.DefaultRequestHeaders.ExpectContinue = true;
        foreach (string type in (string[])["application/yaml", "application/json"])
        {
            using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, new string('#', 1_100_000), type);
            Assert.Equal(413, (await ReadProblemAsync(response)).Status);
        }
    }

    [Theory]
    [InlineData("application/yaml", "model: {", 400)]
    [InlineData("application/yaml", "", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "null", 400)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("application/json", "{\"runFile\":null}", 400)]
    [InlineData("application/json", "{\"runFile\":\"a: 1\",\"overrides\":[null]}", 400)]
    [InlineData("application/json", "{\"runFile\":\"a: 1\",\"workers\":0}", 400)]
    [InlineData("application/json", "{\"runFile\":\"a: 1\",\"workers\":\"x\"}", 400)]
    [InlineData("application/json", "{\"runFile\":\"\\ud800\"}", 400)]
    [InlineData("application/json", "{\"\\ud800\":1}", 400)]
    [InlineData("application/json", "{\"runFile\":\"a: 1\",\"key\":\"\\ud800\"}", 400)]
    [InlineData("text/plain", "name: x", 415)]
    public async Task An_invalid_submission_gets_a_one_line_error_and_leaves_nothing(string type, string body, int status)
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, body, type);
        ApiProblem problem = await ReadProblemAsync(response);
        Assert.Equal(status, problem.Status);
        Assert.DoesNotContain('\n', problem.Detail);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task A_wrong_field_is_reported_with_the_same_parts_as_on_the_command_line()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        string body = JsonSerializer.Serialize(new
        {
            runFile = TinyRun.Text.Replace("batch: 8", "batch: -8", StringComparison.Ordinal),
            fileName = "mine.yaml",
        });
        using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, body, "application/json");
        ApiProblem problem = await ReadProblemAsync(response);
        Assert.Equal((400, "training.batch", "-8"), (problem.Status, problem.Field, problem.Value));
        Assert.StartsWith("mine.yaml", problem.Detail, StringComparison.Ordinal);
        Assert.Contains(problem.Allowed!, problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/api/v1/runs", 405)]
    [InlineData("GET", "/api/v1/runs?limit=0", 400)]
    [InlineData("GET", "/api/v1/runs?limit=x", 400)]
    public async Task Other_errors_are_problem_documents_too(string method, string path, int status)
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(status, (await ReadProblemAsync(response)).Status);
    }

    private static async Task<ApiProblem> ReadProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal(ApiProblem.ContentType, response.Content.Headers.ContentType?.MediaType);
        return (await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options))!;
    }
}
