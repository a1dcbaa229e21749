using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Server.Tests;

public sealed class SweepEndpointTests : IDisposable
{
    private const string Sweeps = "/api/v1/sweeps";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sweep_is_submitted_followed_and_listed_with_the_weights_of_its_runs()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        SweepInfo sweep = await SubmitAsync(server, Text("space: { objective.beta: [1, 4] }\n"));
        Assert.Equal(("001-tiny", 2, 1), (sweep.Id, sweep.TotalTrials, sweep.Parallel));
        var kinds = new List<string>();
        string? last = null;
        SweepInfo? end = null;
        await using (EventReader events = await EventReader.OpenAsync(server.Client, $"{Sweeps}/{sweep.Id}/events"))
        {
            await foreach (ServerEvent item in events.ReadAsync())
            {
                kinds.Add(item.Type);
                if (item.Type == "end") end = JsonSerializer.Deserialize<SweepInfo>(item.Data, ApiJson.Options);
                else last = item.Id;
            }
        }

        Assert.Equal((SweepState.Finished, 2), (end!.State, end.Finished));
        Assert.Equal(["begin", "score", "score", "score", "ended", "begin", "score", "score", "score", "ended", "finish", "end"], kinds);
        for (int i = 0; i < 2; i++)
        {
            string weights = TinyRun.Train(TinyRun.Text, _folder, $"objective.beta={(i == 0 ? 1 : 4)}").WeightsSha256;
            Assert.Equal(weights, end.Summary!.Trials[i].WeightsSha256);
        }

        await using EventReader rest = await EventReader.OpenAsync(server.Client, $"{Sweeps}/{sweep.Id}/events", last);
        Assert.Equal("end", Assert.Single(await rest.TakeAsync(1)).Type);
        Assert.Equal([sweep.Id], (await server.GetAsync<SweepPage>(Sweeps)).Sweeps.Select(known => known.Id));
        Assert.Empty((await server.GetAsync<RunPage>(TestServer.Runs)).Runs);
        SweepSummary summary = await server.GetAsync<SweepSummary>($"{Sweeps}/{sweep.Id}/summary");
        Assert.Equal(end.Best!.Index, summary.Best);
        Assert.Contains("tiny", await server.Client.GetStringAsync(new Uri($"{Sweeps}/{sweep.Id}/report", UriKind.Relative)),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(server, $"{sweep.Id}/cancel"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(server, $"{sweep.Id}/resume"));
    }

    [Fact]
    public async Task A_paused_sweep_of_an_ended_server_is_resumed_by_its_successor_and_accepts_more_trials()
    {
        string id;
        await using (TestServer server = await TestServer.StartAsync(_folder["runs"]))
        {
            SweepInfo sweep = await SubmitAsync(server,
                Text("search: { kind: random, trials: 1 }\nspace: { objective.beta: { min: 1, max: 4 } }\n", "epochs: 3", "epochs: 3000"));
            id = sweep.Id;
            await using (EventReader events = await EventReader.OpenAsync(server.Client,
                $"{Sweeps}/{id}/events")) await events.TakeAsync(2);
            Assert.Equal(HttpStatusCode.Accepted, await PostAsync(server, $"{id}/pause"));
            await using EventReader rest = await EventReader.OpenAsync(server.Client, $"{Sweeps}/{id}/events");
            await foreach (ServerEvent item in rest.ReadAsync())
                if (item.Type == "end") Assert.Contains("\"paused\"", item.Data, StringComparison.Ordinal);
        }

        await using TestServer successor = await TestServer.StartAsync(_folder["runs"]);
        Assert.Equal(SweepState.Paused, (await successor.GetAsync<SweepInfo>($"{Sweeps}/{id}")).State);
        Assert.Equal(HttpStatusCode.Accepted, await ChangeAsync(successor, id, "parallel=2", "search.trials=2"));
        Assert.Equal(HttpStatusCode.BadRequest, await ChangeAsync(successor, id, "training.epochs=2"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(successor, $"{id}/resume"));
        await using (EventReader events = await EventReader.OpenAsync(successor.Client, $"{Sweeps}/{id}/events"))
        {
            await foreach (ServerEvent item in events.ReadAsync())
                if (item.Type == "begin" && item.Data.Contains("\"trial\":1", StringComparison.Ordinal)) break;
        }

        SweepInfo running = await successor.GetAsync<SweepInfo>($"{Sweeps}/{id}");
        Assert.Equal((2, 2), (running.TotalTrials, running.Parallel));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(successor, $"{id}/cancel"));
    }

    [Fact]
    public async Task A_key_finds_its_sweep_and_cannot_stand_for_both_a_run_and_a_sweep()
    {
        var submission = new SweepSubmission { SweepFile = Text("space: { objective.beta: [1] }\n"), Key = "nightly" };
        var run = new RunSubmission { RunFile = TinyRun.Text, Key = "a-run" };
        await using (TestServer server = await TestServer.StartAsync(_folder["runs"]))
        {
            Assert.Equal("001-tiny", await IdAsync(await server.Client.PostAsJsonAsync(Sweeps, submission, ApiJson.Options)));
            Assert.Equal("002-tiny",
                await IdAsync(await server.Client.PostAsJsonAsync(Sweeps, submission with { Key = "another" }, ApiJson.Options)));
            Assert.Equal("003-tiny", await IdAsync(await server.Client.PostAsJsonAsync(TestServer.Runs, run, ApiJson.Options)));
            SweepSubmission changed = submission with { SweepFile = Text("space: { objective.beta: [1, 2] }\n") };
            await RefusedAsync(server, changed, HttpStatusCode.Conflict, "001-tiny was submitted with this one, from other content");
            Assert.Equal(1, (await server.GetAsync<SweepInfo>($"{Sweeps}/001-tiny")).TotalTrials);
            await RefusedAsync(server, submission with { Key = string.Empty }, HttpStatusCode.BadRequest, "key");
        }

        await using TestServer successor = await TestServer.StartAsync(_folder["runs"]);
        Assert.Equal("001-tiny", await IdAsync(await successor.Client.PostAsJsonAsync(Sweeps, submission, ApiJson.Options)));
        await RefusedAsync(
            successor, submission with { Key = "a-run" }, HttpStatusCode.Conflict,
            "key is 'a-run': a different key; 003-tiny was submitted with this one, and a key cannot stand for both a run and a sweep");
        using HttpResponseMessage refused = await successor.Client.PostAsJsonAsync(TestServer.Runs, run with { Key = "nightly" },
            ApiJson.Options);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(2, (await successor.GetAsync<SweepPage>(Sweeps)).Sweeps.Count);
        Assert.Single((await successor.GetAsync<RunPage>(TestServer.Runs)).Runs);
    }

    [Fact]
    public async Task A_deleted_sweep_is_gone_with_its_trials_and_a_sweep_in_progress_cannot_be_deleted()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        SweepInfo sweep = await SubmitAsync(server, Text("space: { objective.beta: [1] }\n", "epochs: 3", "epochs: 3000"));
        await using (EventReader events = await EventReader.OpenAsync(server.Client,
            $"{Sweeps}/{sweep.Id}/events")) await events.TakeAsync(2);
        using (HttpResponseMessage refused = await DeleteAsync(server, sweep.Id))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Equal(ApiProblem.ContentType, refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains("is running", (await refused.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options))!.Detail,
                StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(server, $"{sweep.Id}/cancel"));
        await using (EventReader rest = await EventReader.OpenAsync(server.Client, $"{Sweeps}/{sweep.Id}/events"))
        {
            await foreach (ServerEvent item in rest.ReadAsync())
                if (item.Type == "end") break;
        }

        Assert.NotEmpty(Directory.GetDirectories(_folder[$"runs/{sweep.Id}/trials"]));
        using HttpResponseMessage deleted = await DeleteAsync(server, sweep.Id), again = await DeleteAsync(server, sweep.Id);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, again.StatusCode));
        Assert.Empty((await server.GetAsync<SweepPage>(Sweeps)).Sweeps);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
    }

    [Fact]
    public async Task A_base_file_is_sent_along_and_paths_stay_within_the_data_folders()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        var submission = new SweepSubmission { SweepFile = "base: run.yaml\nspace: { objective.beta: [1] }\n", FileName = "sweep.yaml" };
        await RefusedAsync(server, submission, HttpStatusCode.BadRequest, "base is 'run.yaml'");
        await RefusedAsync(
            server, submission with
            {
                BaseFile = "data: { dataset: mnist, path: /etc }\nmodel: { architecture: mlp }\n",
                BaseFileName = "run.yaml",
            },
            HttpStatusCode.Forbidden, "data.path");
        await RefusedAsync(
            server, submission with
            {
                SweepFile = "base: run.yaml\nspace: { objective.betta: [1] }\n",
                BaseFile = TinyRun.Text,
            }, HttpStatusCode.BadRequest, "did you mean 'beta'?");
        using HttpResponseMessage taken = await server.Client.PostAsJsonAsync(Sweeps, submission with { BaseFile = TinyRun.Text },
            ApiJson.Options);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(server, "009-none/cancel"));
    }

    private static string Text(string rest, string from = "epochs: 3", string to = "epochs: 3") =>
        $"name: tiny\nbase:\n{string.Join('\n', TinyRun.Text.Split('\n').Select(line => $"  {line}"))}\n{rest}".Replace(from, to,
            StringComparison.Ordinal);

    private static async Task<SweepInfo> SubmitAsync(TestServer server, string text)
    {
        using HttpResponseMessage response = await server.PostAsync(Sweeps, text, "application/yaml");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<SweepInfo>(ApiJson.Options))!;
    }

    private static async Task<HttpStatusCode> PostAsync(TestServer server, string path)
    {
        using HttpResponseMessage response = await server.Client.PostAsync(new Uri($"{Sweeps}/{path}", UriKind.Relative), null);
        return response.StatusCode;
    }

    private static async Task<string> IdAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("id").GetString()!;
        }
    }

    private static Task<HttpResponseMessage> DeleteAsync(TestServer server, string id) =>
        server.Client.DeleteAsync(new Uri($"{Sweeps}/{id}", UriKind.Relative));

    private static async Task<HttpStatusCode> ChangeAsync(TestServer server, string id, params string[] set)
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync($"{Sweeps}/{id}/change", new SweepChangeRequest(set),
            ApiJson.Options);
        return response.StatusCode;
    }

    private static async Task RefusedAsync(TestServer server, SweepSubmission submission, HttpStatusCode status, string words)
    {
        using HttpResponseMessage response = await server.Client.PostAsJsonAsync(Sweeps, submission, ApiJson.Options);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, JsonSerializer.Deserialize<ApiProblem>(text, ApiJson.Options)!.Detail, StringComparison.Ordinal);
    }
}
