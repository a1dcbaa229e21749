using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>Sweeps on silos: trials are runs, and a sweep continues when the silo that drives it dies.</summary>
[Collection(PostgresServer.Shared)]
[Trait("Duration", "long")]
public sealed class SweepTests(PostgresServer server)
{
    [Fact]
    public Task Twelve_trials_on_three_silos_that_are_each_killed_once_end_with_the_weights_of_sweep() =>
        KillAsync(SiloCluster.Standalone());

    [RequiresFact(Requirement.Postgres)]
    public async Task The_same_holds_with_a_database() => await KillAsync(await SiloCluster.OnDatabaseAsync(server));

    [Fact]
    public async Task A_sweep_is_paused_changed_and_resumed_and_more_trials_of_a_finished_one_are_trained()
    {
        using var cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        using var api = new SweepApi(cluster);
        string id = await api.SubmitAsync(SmallSweep.Text.Replace("epochs: 4", "epochs: 10", StringComparison.Ordinal)
            + "search: { kind: grid, trials: 2 }\n");
        await api.UntilAsync(id, sweep => sweep.GetProperty("running").GetInt32() > 0);
        await api.PostAsync($"{id}/pause", null, HttpStatusCode.Accepted);
        JsonElement paused = await api.UntilAsync(id, sweep => sweep.GetProperty("state").GetString() is "paused");
        Assert.Equal(0, paused.GetProperty("finished").GetInt32());
        await api.PostAsync($"{id}/change", new { set = new[] { "training.epochs=2" } }, HttpStatusCode.BadRequest);
        await api.PostAsync($"{id}/change", new { set = new[] { "parallel=1" } }, HttpStatusCode.Accepted);
        await api.PostAsync($"{id}/resume", null, HttpStatusCode.Accepted);
        JsonElement done = await api.UntilAsync(id, sweep => sweep.GetProperty("state").GetString() is "finished" or "failed");
        Assert.True(done.GetProperty("finished").GetInt32() == 2, cluster.Words());
        await api.PostAsync($"{id}/change", new { set = new[] { "search.trials=3" } }, HttpStatusCode.Accepted);
        done = await api.UntilAsync(id, sweep => sweep.GetProperty("finished").GetInt32() == 3);
        Assert.Equal(1, done.GetProperty("parallel").GetInt32());
    }

    [Fact]
    public async Task Deleting_a_sweep_deletes_the_runs_of_its_trials_and_no_others()
    {
        using var cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        using var api = new SweepApi(cluster);
        string id = await api.SubmitAsync(SmallSweep.Text.Replace("epochs: 4", "epochs: 400", StringComparison.Ordinal));
        await api.UntilAsync(id, sweep => sweep.GetProperty("running").GetInt32() > 0);
        Assert.Equal(HttpStatusCode.Conflict, await api.DeleteAsync(id));
        await api.PostAsync($"{id}/cancel", null, HttpStatusCode.Accepted);
        await api.UntilAsync(id, sweep => sweep.GetProperty("state").GetString() is "stopped");
        string other = await api.SubmitAsync(SmallSweep.Text.Replace("epochs: 4", "epochs: 1", StringComparison.Ordinal)
            + "search: { kind: grid, trials: 1 }\n");
        await api.UntilAsync(other, sweep => sweep.GetProperty("state").GetString() is "finished");

        // Its trials may still be writing their last checkpoints.
        await api.UntilDeletedAsync(id);
        Assert.Equal(HttpStatusCode.NotFound, await api.DeleteAsync(id));
        string[] left = [.. Directory.GetDirectories(cluster.Folder["runs"]).Select(folder => Path.GetFileName(folder))
            .Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        Assert.Equal(2, left.Length);
        Assert.Equal(other, left[0]);
        Assert.Equal($"{other}/0", await File.ReadAllTextAsync(cluster.Folder["runs", left[1], "submission.key"]));
    }

    [Fact]
    public async Task A_sweep_submitted_again_with_its_key_is_found_by_another_silo()
    {
        using var cluster = SiloCluster.Standalone();
        await cluster.AddAsync();
        using var api = new SweepApi(cluster);
        string text = SmallSweep.Text.Replace("epochs: 4", "epochs: 1", StringComparison.Ordinal) + "search: { kind: grid, trials: 1 }\n";
        string id = await api.SubmitAsync(text, "nightly");
        cluster.Silos[0].Kill();
        await cluster.AddAsync();
        Assert.Equal(id, await api.SubmitAsync(text, "nightly"));
        JsonElement done = await api.UntilAsync(id, sweep => sweep.GetProperty("state").GetString() is "finished" or "failed");
        Assert.Equal(1, done.GetProperty("finished").GetInt32());
        Assert.Equal(HttpStatusCode.Conflict, await api.SubmitRunAsync(SmallRun.Text(epochs: 1), "nightly"));
    }

    private static async Task KillAsync(SiloCluster cluster)
    {
        using (cluster)
        {
            for (int i = 0; i < 3; i++) await cluster.AddAsync();
            using var api = new SweepApi(cluster);
            string id = await api.SubmitAsync(SmallSweep.Text);
            for (int kill = 0; kill < 3; kill++)
            {
                int goal = 1 + (4 * kill);
                await api.UntilAsync(id, sweep => sweep.GetProperty("finished").GetInt32() >= goal);
                cluster.Silos[kill].Kill();
                await cluster.AddAsync();
            }

            JsonElement done = await api.UntilAsync(id,
                sweep => sweep.GetProperty("state").GetString() is "finished" or "failed" or "stopped");
            Assert.True(done.GetProperty("state").GetString() == "finished", $"{done}{cluster.Words()}");
            string[] found = [.. done.GetProperty("summary").GetProperty("trials").EnumerateArray()
                .Select(trial => trial.GetProperty("weightsSha256").GetString()!)];
            Assert.Equal(await SmallSweep.WeightsAsync(SmallSweep.Text), found);
            Assert.Equal(12, File.ReadAllLines(cluster.Folder["runs", id, "trials.jsonl"]).Length);
        }
    }

    private sealed class SweepApi(SiloCluster cluster) : IDisposable
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3), Pause = TimeSpan.FromMilliseconds(50);

        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

        public void Dispose() => _http.Dispose();

        internal async Task<HttpStatusCode> SubmitRunAsync(string runFile, string key)
        {
            using HttpResponseMessage answer = await _http.PostAsJsonAsync(new Uri(Address(string.Empty), "runs"), new { runFile, key });
            return answer.StatusCode;
        }

        internal async Task<string> SubmitAsync(string sweepFile, string? key = null)
        {
            using HttpResponseMessage answer = await _http.PostAsJsonAsync(Address(string.Empty), new { sweepFile, key });
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
            return Parse(text).GetProperty("id").GetString()!;
        }

        internal async Task PostAsync(string path, object? body, HttpStatusCode expected)
        {
            // Busy: it is just beginning or ending.
            using var limit = new CancellationTokenSource(Longest);
            while (true)
            {
                using HttpResponseMessage answer = await _http.PostAsJsonAsync(Address(path), body ?? new { });
                if (answer.StatusCode == expected) return;
                Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable
                    && !limit.IsCancellationRequested, await answer.Content.ReadAsStringAsync());
                await Task.Delay(Pause);
            }
        }

        internal async Task<HttpStatusCode> DeleteAsync(string id)
        {
            using HttpResponseMessage answer = await _http.DeleteAsync(Address(id));
            return answer.StatusCode;
        }

        internal async Task UntilDeletedAsync(string id)
        {
            using var limit = new CancellationTokenSource(Longest);
            while (await DeleteAsync(id) is var status && status != HttpStatusCode.NoContent)
            {
                Assert.True(status == HttpStatusCode.Conflict && !limit.IsCancellationRequested, $"{status}{cluster.Words()}");
                await Task.Delay(Pause);
            }
        }

        internal async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> done)
        {
            using var limit = new CancellationTokenSource(Longest);
            JsonElement? last = null;
            while (true)
            {
                foreach (SiloProcess silo in cluster.Silos.Where(silo => !silo.HasExited))
                {
                    try
                    {
                        using HttpResponseMessage answer = await _http.GetAsync(new Uri(silo.Address, $"api/v1/sweeps/{id}"));
                        if (answer.StatusCode != HttpStatusCode.OK) continue;
                        last = Parse(await answer.Content.ReadAsStringAsync());
                        if (done(last.Value)) return last.Value;
                        break;
                    }
                    catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
                    {
                        // It was killed; ask another one.
                    }
                }

                if (limit.IsCancellationRequested) throw new TimeoutException($"{last}{cluster.Words()}");
                await Task.Delay(Pause);
            }
        }

        private Uri Address(string path) =>
            new(cluster.Silos.First(silo => !silo.HasExited).Address, $"api/v1/sweeps{(path.Length == 0 ? string.Empty : "/")}{path}");

        private static JsonElement Parse(string text)
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
    }
}
