using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Server.Tests;

public sealed class EventStreamTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_line_is_sent_once_and_in_order_even_over_cut_connections()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        RunInfo run = await server.SubmitAsync();
        var got = new List<ServerEvent>();
        while (got is [] or [.., { Type: not "end" }])
        {
            // Read three events, then drop the connection; the next one continues from there.
            string? last = got is [.., var item] ? item.Id : null;
            await using EventReader events = await EventReader.OpenAsync(server.Client, $"{TestServer.Runs}/{run.Id}/events", last);
            got.AddRange(await events.TakeAsync(3));
        }

        string[] lines = File.ReadAllLines(Path.Combine(_folder["runs"], run.Id, "metrics.jsonl"));
        Assert.Equal(lines, got.SkipLast(1).Select(item => item.Data));
        Assert.Equal(Enumerable.Range(1, TinyRun.Steps), got.Where(item => item.Type == "step").Select(item => item.Step));
        Assert.Equal(3, got.Count(item => item.Type == "epoch"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 5)]
    [InlineData(12, 12)]
    public async Task A_stream_begins_at_the_requested_step(int fromStep, int first)
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        RunInfo run = await server.SubmitAsync();
        await server.FollowAsync(run.Id);
        await using EventReader events = await EventReader.OpenAsync(server.Client,
            $"{TestServer.Runs}/{run.Id}/events?fromStep={fromStep}");
        ServerEvent item = Assert.Single(await events.TakeAsync(1));
        Assert.Equal((first, "step", $"{first}.0"), (item.Step, item.Type, item.Id));
    }

    [Fact]
    public async Task A_stream_from_beyond_the_last_step_ends_at_once()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        RunInfo run = await server.SubmitAsync();
        await server.FollowAsync(run.Id);
        await using EventReader events = await EventReader.OpenAsync(server.Client, $"{TestServer.Runs}/{run.Id}/events?fromStep=1000");
        Assert.Equal("end", Assert.Single(await events.TakeAsync(2)).Type);
    }

    [Fact]
    public async Task An_idle_stream_sends_heartbeats()
    {
        var source = new EndlessRun(_ => false);
        await using ApiServer server = await ApiServer.StartAsync(
            source, new ApiServerOptions { Urls = ["http://127.0.0.1:0"], Heartbeat = TimeSpan.FromMilliseconds(1) });
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
        using Stream body = await client.GetStreamAsync(new Uri($"{TestServer.Runs}/001-endless/events", UriKind.Relative));
        using var lines = new StreamReader(body);
        Assert.Equal(": alive", await lines.ReadLineAsync());
    }

    [Fact]
    public async Task A_reader_that_stops_reading_is_disconnected_and_costs_no_memory()
    {
        const long MostBytes = 64 << 20;
        var source = new EndlessRun(_ => true);
        await using ApiServer server = await ApiServer.StartAsync(
            source, new ApiServerOptions { Urls = ["http://127.0.0.1:0"], SlowReaderTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
        await using EventReader events = await EventReader.OpenAsync(client, $"{TestServer.Runs}/001-endless/events");
        Assert.Equal(3, (await events.TakeAsync(3)).Count);

        // The source never ends. That the server stopped reading it, after filling the buffers in between, shows that it disconnected the
        // reader.
        Assert.InRange(await source.Left, 3, MostBytes);
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused()
    {
        var source = new EndlessRun(_ => false);
        await using ApiServer server = await ApiServer.StartAsync(source, new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            MostStreams = 2,
        });
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
        string path = $"{TestServer.Runs}/001-endless/events";
        await using EventReader first = await EventReader.OpenAsync(client, path), second = await EventReader.OpenAsync(client, path);
        using HttpResponseMessage third = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.Equal(ApiProblem.ContentType, third.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Viewers_cannot_take_the_streams_that_are_kept_for_operators()
    {
        const string Viewer = "viewer-token-of-this-test", Operator = "operator-token-of-this-test";
        await using ApiServer server = await ApiServer.StartAsync(new EndlessRun(step => step == 1), new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Token = Operator,
            ViewerToken = Viewer,
            MostStreams = 4,
            StreamsOfOperators = 2,
        });
        using HttpClient viewer = ClientOf(Viewer), admin = ClientOf(Operator);
        const string Path = $"{TestServer.Runs}/001-endless/events";
        await using EventReader one = await EventReader.OpenAsync(viewer, Path), two = await EventReader.OpenAsync(viewer, Path);
        using (HttpResponseMessage third = await viewer.GetAsync(new Uri(Path, UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
            string why = await third.Content.ReadAsStringAsync();
            Assert.Contains("2 are open, which is the limit for viewers", why, StringComparison.Ordinal);
        }

        await using EventReader three = await EventReader.OpenAsync(admin, Path), four = await EventReader.OpenAsync(admin, Path);
        using HttpResponseMessage fifth = await admin.GetAsync(new Uri(Path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, fifth.StatusCode);

        HttpClient ClientOf(string token)
        {
            var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            return client;
        }
    }

    [Theory]
    [InlineData("a secret detail", 0, 500, "internal error; see the server's log")]
    [InlineData("No space left on device", 28, 507, "the server's disk is full; free some space")]
    public async Task A_fault_of_the_server_is_logged_and_its_details_are_not_sent(string message, int number, int status, string detail)
    {
        if (OperatingSystem.IsWindows() && number != 0) number = unchecked((int)0x80070070);
        Exception fault = number == 0 ? new InvalidOperationException($"{message}\nsecond line") : new IOException(message, number);
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using ApiServer server = await ApiServer.StartAsync(new EndlessRun(_ => true) { Fault = fault }, new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            Log = log.Enqueue,
        });
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
        using HttpResponseMessage response = await client.DeleteAsync(new Uri($"{TestServer.Runs}/001-endless", UriKind.Relative));
        string body = await response.Content.ReadAsStringAsync();
        ApiProblem problem = JsonSerializer.Deserialize<ApiProblem>(body, ApiJson.Options)!;
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
        Assert.DoesNotContain(message, body, StringComparison.Ordinal);
        string line = Assert.Single(log);
        Assert.StartsWith("DELETE /api/v1/runs/001-endless: ", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    /// <summary>A service with a run whose lines never end, or never come.</summary>
    private sealed class EndlessRun(Func<int, bool> hasLine) : IRunService
    {
        private readonly TaskCompletionSource<long> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Thrown when the run is deleted.</summary>
        internal Exception Fault { get; init; } = new NotSupportedException();

        /// <summary>The bytes that the follower had read when it stopped.</summary>
        internal Task<long> Left => _left.Task;

        public async IAsyncEnumerable<MetricsLine> FollowAsync(
            string id, MetricsPosition after, [EnumeratorCancellation] CancellationToken cancellation)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(new { kind = "step", step = 1, text = new string('x', 4000) });
            long bytes = 0;
            try
            {
                for (int step = 1; ; step++)
                {
                    if (!hasLine(step)) await Task.Delay(Timeout.Infinite, cancellation);
                    cancellation.ThrowIfCancellationRequested();
                    yield return new MetricsLine(new MetricsPosition(step, 0), "step", json);
                    bytes += json.Length;
                }
            }
            finally
            {
                _left.TrySetResult(bytes);
            }
        }

        public Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) => Task.FromResult(new RunInfo
        {
            Id = id,
            Name = id,
            State = RunState.Running,
            Submitted = DateTimeOffset.UnixEpoch,
            Workers = 1,
            Epochs = 1,
            Step = 0,
        });

        public Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunInfo> PauseAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DeleteAsync(string id, CancellationToken cancellation) => throw Fault;

        public Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunModel> InspectAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);
    }
}
