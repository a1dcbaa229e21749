using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Server.Tests;

public sealed class RunEndpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_submitted_run_ends_with_the_weights_of_train()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        RunInfo submitted = await server.SubmitAsync();
        Assert.Equal("001-tiny", submitted.Id);
        RunInfo end = await server.FollowAsync(submitted.Id);
        Assert.Equal((RunState.Finished, TinyRun.Steps, 3), (end.State, end.Step, end.Epochs));
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, end.Result!.WeightsSha256);
        RunResult result = await server.GetAsync<RunResult>($"{TestServer.Runs}/{end.Id}/result");
        Assert.Equal(end.Result, result);
        string report = await server.Client.GetStringAsync(new Uri($"{TestServer.Runs}/{end.Id}/report", UriKind.Relative));
        Assert.Contains(result.WeightsSha256, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_accepts_overrides_and_workers()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        string body = JsonSerializer.Serialize(new
        {
            runFile = TinyRun.Text,
            overrides = (string[])["objective.beta=4", "name=four"],
            workers = 2,
        });
        using HttpResponseMessage response = await server.PostAsync(TestServer.Runs, body, "application/json");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/api/v1/runs/001-four", response.Headers.Location!.OriginalString);
        RunInfo end = await server.FollowAsync("001-four");
        Assert.Equal(2, end.Result!.Workers);
        Assert.Contains("beta: 4", end.RunFile, StringComparison.Ordinal);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder, "objective.beta=4").WeightsSha256, end.Result.WeightsSha256);
    }

    [Fact]
    public async Task Runs_are_listed_in_pages_newest_first_each_once()
    {
        using var gate = new Gate(1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        for (int i = 0; i < 5; i++) await server.SubmitAsync();
        var seen = new List<string>();
        string? after = null;
        do
        {
            RunPage page = await server.GetAsync<RunPage>($"{TestServer.Runs}?limit=2{(after is null ? "" : $"&after={after}")}");
            Assert.InRange(page.Runs.Count, 1, 2);
            seen.AddRange(page.Runs.Select(run => run.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(["005-tiny", "004-tiny", "003-tiny", "002-tiny", "001-tiny"], seen);
        gate.Open();
    }

    [Fact]
    public async Task A_cancelled_run_stops_with_a_checkpoint_and_resumes_to_the_same_weights()
    {
        using var gate = new Gate(10);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        RunInfo run = await server.SubmitAsync();
        await gate.Reached;
        string path = $"{TestServer.Runs}/{run.Id}";
        Assert.Equal(RunState.Stopping, (await server.PostAsync($"{path}/cancel")).State);
        Assert.Equal(RunState.Stopping, (await server.PostAsync($"{path}/cancel")).State);
        gate.Open();
        RunInfo stopped = await server.FollowAsync(run.Id);
        Assert.Equal(RunState.Stopped, stopped.State);
        Assert.InRange(stopped.Step, 9, 11);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(_folder["runs"], run.Id, "checkpoints"), "step-*"));
        await server.PostAsync($"{path}/resume?workers=2");
        RunInfo end = await server.FollowAsync(run.Id);
        Assert.Equal(2, end.Result!.Workers);
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, end.Result.WeightsSha256);
        Assert.Equal(RunState.Finished, (await server.PostAsync($"{path}/resume")).State);
    }

    [Fact]
    public async Task A_queued_run_is_cancelled_at_once_and_the_queue_continues()
    {
        using var gate = new Gate(1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        await server.SubmitAsync();
        RunInfo second = await server.SubmitAsync(), third = await server.SubmitAsync();
        await gate.Reached;
        Assert.Equal(RunState.Queued, (await server.ShowAsync(second.Id)).State);
        Assert.Equal(RunState.Stopped, (await server.PostAsync($"{TestServer.Runs}/{second.Id}/cancel")).State);
        gate.Open();
        Assert.Equal(RunState.Finished, (await server.FollowAsync(third.Id)).State);
        Assert.Equal(RunState.Stopped, (await server.ShowAsync(second.Id)).State);
    }

    [Fact]
    public async Task A_request_that_the_state_does_not_allow_is_a_conflict()
    {
        using var gate = new Gate(1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        RunInfo run = await server.SubmitAsync();
        ApiProblem resume = await ProblemAsync(server, HttpMethod.Post, $"{TestServer.Runs}/{run.Id}/resume");
        Assert.Equal(409, resume.Status);
        Assert.Contains("in progress", resume.Detail, StringComparison.Ordinal);
        gate.Open();
        await server.FollowAsync(run.Id);
        Assert.Equal(409, (await ProblemAsync(server, HttpMethod.Post, $"{TestServer.Runs}/{run.Id}/cancel")).Status);
    }

    [Fact]
    public async Task A_run_that_fails_says_why_and_can_be_resumed()
    {
        bool faulty = true;
        await using TestServer server = await TestServer.StartAsync(
            _folder["runs"], beforeNode: (_, step, _) => _ = step == 9 && faulty
            ? throw new InvalidOperationException("no luck\nat all")
            : 0);
        RunInfo run = await server.SubmitAsync();
        RunInfo failed = await server.FollowAsync(run.Id);
        Assert.Equal(RunState.Failed, failed.State);
        Assert.DoesNotContain('\n', failed.Error!);
        faulty = false;
        await server.PostAsync($"{TestServer.Runs}/{run.Id}/resume");
        Assert.Equal(TinyRun.Train(TinyRun.Text, _folder).WeightsSha256, (await server.FollowAsync(run.Id)).Result!.WeightsSha256);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("result")]
    public async Task A_file_that_a_run_has_not_written_yet_is_not_found(string file)
    {
        using var gate = new Gate(1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        RunInfo run = await server.SubmitAsync();
        ApiProblem problem = await ProblemAsync(server, HttpMethod.Get, $"{TestServer.Runs}/{run.Id}/{file}");
        Assert.Equal(404, problem.Status);
        Assert.Contains(file, problem.Detail, StringComparison.Ordinal);
        gate.Open();
    }

    [Fact]
    public async Task Two_runs_train_at_a_time_if_the_server_allows_it()
    {
        using var gate = new Gate(1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate, parallel: 2);
        RunInfo first = await server.SubmitAsync(), second = await server.SubmitAsync();
        Assert.Equal(RunState.Running, (await server.ShowAsync(first.Id)).State);
        Assert.Equal(RunState.Running, (await server.ShowAsync(second.Id)).State);
        gate.Open();
        RunInfo[] ends = [await server.FollowAsync(first.Id), await server.FollowAsync(second.Id)];
        Assert.Equal(ends[0].Result!.WeightsSha256, ends[1].Result!.WeightsSha256);
    }

    [Fact]
    public async Task The_server_reports_that_it_is_alive_and_ready()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], token: "a token of this test");
        foreach (string path in (string[])["live", "ready"])
            Assert.Equal($"{path}\n", await server.Client.GetStringAsync(new Uri($"/health/{path}", UriKind.Relative)));
        Directory.Move(_folder["runs"], _folder["moved"]);
        Assert.Equal(503, (await ProblemAsync(server, HttpMethod.Get, "/health/ready")).Status);
    }

    private static async Task<ApiProblem> ProblemAsync(TestServer server, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal(ApiProblem.ContentType, response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options))!;
    }
}
