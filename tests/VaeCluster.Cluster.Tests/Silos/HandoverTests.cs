using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VaeCluster.Cluster.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Silos;

/// <summary>One folder of runs, used first by `serve` and then by a silo, or the other way round.</summary>
[Collection(PostgresServer.Shared)]
[Trait("Duration", "long")]
public sealed class HandoverTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3), Pause = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [RequiresTheory(Requirement.PosixShell)]
    [InlineData("serve", "silo")]
    [InlineData("silo", "serve")]
    public async Task A_run_that_one_host_leaves_continues_on_the_other_to_the_same_weights(string one, string other)
    {
        string left, paused;
        using (Host first = await StartAsync(one))
        {
            paused = await SubmitAsync(first, "runs", new { runFile = SmallRun.Text(epochs: 30) });
            await UntilAsync(first, $"runs/{paused}", run => run.GetProperty("step").GetInt32() >= 20);
            await PostAsync(first, $"runs/{paused}/pause");
            await UntilAsync(first, $"runs/{paused}", run => State(run) == "paused");
            left = await SubmitAsync(first, "runs", new { runFile = SmallRun.Text(epochs: 60) });
            await UntilAsync(first, $"runs/{left}", run => run.GetProperty("step").GetInt32() >= 60);
            await first.EndAsync();
        }

        Assert.True(LastStep(left) < 1200, "it was left before its end");
        using Host second = await StartAsync(other);
        JsonElement page = await GetAsync(second, "runs");
        Assert.Equal([left, paused], page.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()!));
        Assert.Equal("paused", State(await GetAsync(second, $"runs/{paused}")));
        JsonElement end = await UntilAsync(second, $"runs/{left}", IsOver);
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 60), Weights(end));
        Assert.Equal(Enumerable.Range(1, 1200), Steps(left));
        await PostAsync(second, $"runs/{paused}/resume");
        Assert.Equal(await SmallRun.WeightsAsync(epochs: 30), Weights(await UntilAsync(second, $"runs/{paused}", IsOver)));
        Assert.Equal(
            ["dimensions.json", "origin.json", "result.json", "run-state.json"],
            Directory.GetFiles(_folder["runs", left], "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [RequiresTheory(Requirement.PosixShell)]
    [InlineData("serve", "silo")]
    [InlineData("silo", "serve")]
    public async Task A_sweep_that_one_host_leaves_continues_on_the_other_to_the_same_weights(string one, string other)
    {
        string id, text = SmallSweep.Text + "search: { kind: grid, trials: 6 }\n";
        using (Host first = await StartAsync(one))
        {
            id = await SubmitAsync(first, "sweeps", new { sweepFile = text });
            await UntilAsync(first, $"sweeps/{id}", sweep => sweep.GetProperty("finished").GetInt32() >= 1);
            await first.EndAsync();
        }

        using Host second = await StartAsync(other);
        JsonElement end = await UntilAsync(second, $"sweeps/{id}", IsOver);
        Assert.True(State(end) == "finished", $"{end}{second.Process.Output}{second.Process.Error}");
        string[] found = [.. end.GetProperty("summary").GetProperty("trials").EnumerateArray()
            .Select(trial => trial.GetProperty("weightsSha256").GetString()!)];
        Assert.Equal(await SmallSweep.WeightsAsync(text), found);
        Assert.Equal(6, File.ReadAllLines(_folder["runs", id, "trials.jsonl"]).Length);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("silo")]
    public async Task A_folder_of_the_previous_release_is_read_and_converted(string kind)
    {
        // As `serve` left them: a queued run, a stopped one, one that was killed with the server, and a failed one.
        string text = SmallRun.Text(epochs: 3);
        await OldAsync("001-waits", text, "server.json", """{"submitted":"2026-01-02T03:04:05+00:00","workers":1,"state":"queued","beginning":null,"notes":[],"error":null}""");
        await OldAsync("002-stopped", text, "server.json", """{"submitted":"2026-01-02T03:04:06+00:00","workers":1,"state":"stopped","beginning":null,"notes":["a note"],"error":null}""");
        await OldAsync("003-killed", text, "server.json", """{"submitted":"2026-01-02T03:04:07+00:00","workers":1,"state":"running","beginning":null,"notes":[],"error":null}""");
        await OldAsync("004-failed", text, "server.json", """{"submitted":"2026-01-02T03:04:08+00:00","workers":1,"state":"failed","beginning":null,"notes":[],"error":"no luck"}""");

        // A run left by silos, and one left by both, of which the newer file counts.
        await OldAsync("005-cluster", text, "cluster.json", """{"id":"005-cluster","submitted":"2026-01-02T03:04:09+00:00","workers":4,"state":"paused","beginning":null,"notes":[],"error":null,"version":7}""");
        await OldAsync("006-both", text, "server.json", """{"submitted":"2026-01-02T03:04:10+00:00","workers":1,"state":"queued","beginning":null,"notes":[],"error":null}""");
        await OldAsync("006-both", text, "cluster.json", """{"id":"006-both","submitted":"2026-01-02T03:04:10+00:00","workers":4,"state":"stopped","beginning":null,"notes":[],"error":null,"version":3}""");
        File.SetLastWriteTimeUtc(_folder["runs", "006-both", "server.json"], DateTime.UtcNow.AddMinutes(-5));
        Directory.CreateDirectory(_folder["runs", "007-sweep"]);
        await File.WriteAllTextAsync(_folder["runs", "007-sweep", "sweep.yaml"], SmallSweep.Text + "search: { kind: grid, trials: 1 }\n");
        await File.WriteAllTextAsync(_folder["runs", "007-sweep", "server.json"], """
            {
              "submitted": "2026-01-02T03:04:11+00:00",
              "state": "paused",
              "notes": [],
              "error": null
            }
            """);

        using Host host = await StartAsync(kind);
        (string, string)[] expected = [("002-stopped", "stopped"), ("004-failed", "failed"), ("005-cluster", "paused"),
            ("006-both", "stopped")];
        JsonElement[] listed = [.. (await GetAsync(host, "runs")).GetProperty("runs").EnumerateArray()];
        Assert.Equal(["006-both", "005-cluster", "004-failed", "003-killed", "002-stopped", "001-waits"],
            listed.Select(run => run.GetProperty("id").GetString()!));
        Assert.Equal(expected, listed.Reverse().Select(run => (run.GetProperty("id").GetString()!, State(run))).Where(run => run.Item1
            is not ("001-waits" or "003-killed")));
        Assert.Equal("no luck", (await GetAsync(host, "runs/004-failed")).GetProperty("error").GetString());
        string weights = await SmallRun.WeightsAsync(text);
        foreach (string id in (string[])["001-waits", "003-killed"])
            Assert.Equal(weights, Weights(await UntilAsync(host, $"runs/{id}", IsOver)));
        foreach (string id in (string[])["002-stopped", "005-cluster", "006-both"])
        {
            await PostAsync(host, $"runs/{id}/resume");
            Assert.Equal(weights, Weights(await UntilAsync(host, $"runs/{id}", IsOver)));
            Assert.False(File.Exists(_folder["runs", id, "server.json"]) || File.Exists(_folder["runs", id, "cluster.json"]), id);
        }

        Assert.Equal("paused", State(await GetAsync(host, "sweeps/007-sweep")));
        await PostAsync(host, "sweeps/007-sweep/resume");
        Assert.Equal(1, (await UntilAsync(host, "sweeps/007-sweep", IsOver)).GetProperty("finished").GetInt32());
    }

    [Theory]
    [InlineData("serve", "silo", "a `serve` is using this one")]
    [InlineData("silo", "serve", "silos of a cluster are using this one")]
    [InlineData("serve", "serve", "a `serve` is using this one")]
    public async Task A_folder_in_use_by_another_host_is_refused_in_one_line(string one, string other, string words)
    {
        using Host first = await StartAsync(one);
        using Host second = Start(other);
        ProgramResult refused = await second.Process.EndAsync();
        Assert.Equal(2, refused.ExitCode);
        string line = Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--runs", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);

        // Once killed, it no longer holds the lock.
        first.Process.Kill();
        using Host third = await StartAsync(other);
        Assert.Empty((await GetAsync(third, "runs")).GetProperty("runs").EnumerateArray());
    }

    private async Task OldAsync(string id, string text, string file, string state)
    {
        Directory.CreateDirectory(_folder["runs", id]);
        await File.WriteAllTextAsync(_folder["runs", id, "run.yaml"], text);
        await File.WriteAllTextAsync(_folder["runs", id, file], state);
    }

    private Host Start(string kind)
    {
        int[] ports = [.. Enumerable.Range(0, 4).Select(_ => TcpPorts.Unused())];
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}"));
        string[] common = ["--runs", _folder["runs"], "--urls", address.OriginalString];
        string[] silo = ["--standalone", "--silo-port", Text(ports[1]), "--gateway-port", Text(ports[2]), "--tensor-port", Text(ports[3]),
            .. common];
        return new Host(kind == "serve"
            ? new ProgramProcess("vaecluster.dll", _folder.Path, ["serve", .. common])
            : new ProgramProcess("vaecluster-silo.dll", _folder.Path, silo), address);
    }

    private async Task<Host> StartAsync(string kind)
    {
        Host host = Start(kind);
        await host.Process.LineAsync(line => line.Contains("listening on", StringComparison.Ordinal));
        return host;
    }

    private async Task<string> SubmitAsync(Host host, string what, object submission)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(host.At(what), submission);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return Parse(text).GetProperty("id").GetString()!;
    }

    private async Task PostAsync(Host host, string path)
    {
        using var nothing = new StringContent("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(host.At(path), nothing);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> GetAsync(Host host, string path) => Parse(await _http.GetStringAsync(host.At(path)));

    private async Task<JsonElement> UntilAsync(Host host, string path, Func<JsonElement, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            JsonElement found = await GetAsync(host, path);
            if (wanted(found)) return found;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{found}\n{host.Process.Output}{host.Process.Error}");
            await Task.Delay(Pause);
        }
    }

    private int[] Steps(string id) =>
    [
        .. File.ReadLines(_folder["runs", id, "metrics.jsonl"]).Select(Parse)
            .Where(line => line.GetProperty("kind").GetString() == "step").Select(line => line.GetProperty("step").GetInt32()),
    ];

    private int LastStep(string id) => Steps(id)[^1];

    private static bool IsOver(JsonElement one) => State(one) is "finished" or "failed" or "stopped";

    private static string State(JsonElement one) => one.GetProperty("state").GetString()!;

    private static string Weights(JsonElement run)
    {
        Assert.True(State(run) == "finished", run.GetRawText());
        return run.GetProperty("result").GetProperty("weightsSha256").GetString()!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Parse(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private sealed record Host(ProgramProcess Process, Uri Address) : IDisposable
    {
        public void Dispose() => Process.Dispose();

        internal Uri At(string path) => new(Address, $"api/v1/{path}");

        internal async Task EndAsync()
        {
            Process.Terminate();
            await Process.EndAsync();
        }
    }
}
