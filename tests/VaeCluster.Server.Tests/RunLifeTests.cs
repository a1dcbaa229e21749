using System.Net;
using System.Text.Json;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests;

/// <summary>Pause, resume and delete; the stream that pages watch; the OpenAPI document.</summary>
public sealed class RunLifeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_paused_run_stays_paused_over_a_restart_and_resumes_to_the_same_weights()
    {
        string expected = TinyRun.Train(TinyRun.Text, _folder).WeightsSha256;
        string id;
        using (var gate = new Gate(step: 6))
        {
            await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
            id = (await server.SubmitAsync()).Id;
            await gate.Reached;
            Assert.Equal(RunState.Pausing, (await server.PostAsync($"{TestServer.Runs}/{id}/pause")).State);
            gate.Open();
            Assert.Equal(RunState.Paused, (await server.FollowAsync(id)).State);
        }

        await using TestServer second = await TestServer.StartAsync(_folder["runs"]);
        Assert.Equal(RunState.Paused, (await second.ShowAsync(id)).State);
        await second.PostAsync($"{TestServer.Runs}/{id}/resume");
        RunInfo end = await second.FollowAsync(id);
        Assert.Equal((RunState.Finished, expected), (end.State, end.Result!.WeightsSha256));
        using HttpResponseMessage again = await second.Client.PostAsync(new Uri($"{TestServer.Runs}/{id}/pause", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task A_queued_run_is_paused_without_a_step_and_the_last_request_counts()
    {
        using var gate = new Gate(step: 6);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        string first = (await server.SubmitAsync()).Id, second = (await server.SubmitAsync()).Id;
        await gate.Reached;
        Assert.Equal(RunState.Paused, (await server.PostAsync($"{TestServer.Runs}/{second}/pause")).State);
        await server.PostAsync($"{TestServer.Runs}/{first}/pause");
        Assert.Equal(RunState.Stopping, (await server.PostAsync($"{TestServer.Runs}/{first}/cancel")).State);
        gate.Open();
        Assert.Equal(RunState.Stopped, (await server.FollowAsync(first)).State);
    }

    [Fact]
    public async Task A_deleted_run_is_gone_and_a_run_in_progress_cannot_be_deleted()
    {
        using var gate = new Gate(step: 6);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        string id = (await server.SubmitAsync()).Id;
        await gate.Reached;
        Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync(server, id));
        gate.Open();
        await server.FollowAsync(id);
        await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{id}/samples", UriKind.Relative)); // opens its data
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(server, id));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(server, id));
        Assert.Empty((await server.GetAsync<RunPage>(TestServer.Runs)).Runs);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task Remains_of_an_interrupted_deletion_are_removed_and_never_listed()
    {
        Directory.CreateDirectory(_folder["runs/.deleted-abc/checkpoints"]);
        await File.WriteAllTextAsync(_folder["runs/.deleted-abc/run.yaml"], TinyRun.Text);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        Assert.Empty((await server.GetAsync<RunPage>(TestServer.Runs)).Runs);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task A_watcher_sees_the_run_change_and_disappear()
    {
        using var gate = new Gate(step: 6);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        string id = (await server.SubmitAsync()).Id;
        await gate.Reached;
        await using EventReader events = await EventReader.OpenAsync(server.Client, $"{TestServer.Runs}/{id}/watch?interval=0.5");
        var states = new List<string>();
        await foreach (ServerEvent item in events.ReadAsync())
        {
            if (item.Type == "gone") break;
            using JsonDocument json = JsonDocument.Parse(item.Data);
            string state = json.RootElement.GetProperty("run").GetProperty("state").GetString()!;
            if (states.LastOrDefault() != state) states.Add(state);
            if (states is ["running"]) gate.Open();
            if (state == "finished") Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(server, id));
        }

        Assert.Equal(["running", "finished"], states);
    }

    [Fact]
    public async Task Workers_and_their_phases_are_shown_during_a_run()
    {
        using var gate = new Gate(step: 6);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        using HttpResponseMessage answer = await server.PostAsync(
            TestServer.Runs, JsonSerializer.Serialize(new { runFile = TinyRun.Text, workers = 2 }), "application/json");
        string id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
        await gate.Reached;
        RunWorkers workers = await server.GetAsync<RunWorkers>($"{TestServer.Runs}/{id}/workers");
        Assert.Equal(["worker-0", "worker-1"], workers.Workers.Select(worker => worker.Name));
        Assert.All(workers.Workers, worker => Assert.True(worker.Compute > 0));
        Assert.Contains(workers.Spans, span => span is { Step: 5, Worker: null });
        gate.Open();
        await server.FollowAsync(id);
        Assert.Empty((await server.GetAsync<RunWorkers>($"{TestServer.Runs}/{id}/workers")).Workers);
    }

    [Fact]
    public async Task A_downloaded_checkpoint_has_the_bytes_on_disk()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        string id = (await server.SubmitAsync()).Id;
        await server.FollowAsync(id);
        RunCheckpoint newest = (await server.GetAsync<RunCheckpoint[]>($"{TestServer.Runs}/{id}/checkpoints"))[0];
        Assert.Equal(TinyRun.Steps, newest.Step);
        Assert.Equal(["manifest.json", "model.safetensors", "optimizer.safetensors", "state.json"], newest.Files.Keys.Order());
        byte[] bytes = await server.Client.GetByteArrayAsync(new Uri($"{TestServer.Runs}/{id}/checkpoints/{newest.Name}/model.safetensors",
            UriKind.Relative));
        Assert.Equal(await File.ReadAllBytesAsync(_folder[$"runs/{id}/checkpoints/{newest.Name}/model.safetensors"]), bytes);
    }

    [Fact]
    public async Task The_OpenAPI_document_lists_every_route_and_nothing_else()
    {
        await using TestServer server = await TestServer.StartWholeAsync(_folder["runs"], new Server.Http.ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
        });
        using JsonDocument document =
            JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative)));
        JsonElement paths = document.RootElement.GetProperty("paths");
        string[] named = [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal)];
        string[] routes =
        [
            .. server.Routes.Where(route => route.Contains("/api/v1/", StringComparison.Ordinal)
                && !route.EndsWith("openapi.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(routes, named);
        JsonElement curve = paths.GetProperty("/api/v1/runs/{id}/curve").GetProperty("get");
        Assert.Equal(["id", "points"], curve.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name")
            .GetString()));
        Assert.True(paths.GetProperty("/api/v1/runs").GetProperty("post").TryGetProperty("requestBody", out _));
    }

    private static async Task<HttpStatusCode> DeleteAsync(TestServer server, string id) =>
        (await server.Client.DeleteAsync(new Uri($"{TestServer.Runs}/{id}", UriKind.Relative))).StatusCode;
}
