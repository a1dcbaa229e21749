using System.Text.Json;
using VaeCluster.Cli.LocalRuns;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Service.Store;

namespace VaeCluster.Cli.Tests;

/// <summary>The list of the runs of a folder: what it says of each state, whoever trains.</summary>
public sealed class RunsCommandTests(TrainedFolder trained) : IClassFixture<TrainedFolder>, IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_finished_run_has_its_steps_and_its_held_out_ELBO()
    {
        Terminal result = await Terminal.RunAsync("runs", Path.GetDirectoryName(trained.Run)!, "--json");
        JsonElement run = Assert.Single(JsonDocument.Parse(result.Output).RootElement.EnumerateArray());
        JsonElement test = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Run, "result.json"))).RootElement.GetProperty("test");
        Assert.Equal("run", run.GetProperty("id").GetString());
        Assert.Equal("run", run.GetProperty("kind").GetString());
        Assert.Equal("finished", run.GetProperty("state").GetString());
        Assert.Equal(12, run.GetProperty("step").GetInt32());
        Assert.Equal(12, run.GetProperty("totalSteps").GetInt32());
        Assert.Equal(test.GetProperty("elbo").GetDouble(), run.GetProperty("elbo").GetDouble());
        Assert.Equal("held-out", run.GetProperty("elboSplit").GetString());
    }

    [Fact]
    public void A_run_without_a_result_is_stopped_and_its_lines_tell_how_far_it_came()
    {
        string run = Unfinished("001-a");
        LocalRun listed = Assert.Single(List());
        Assert.Equal("stopped", listed.State);
        Assert.Equal(10, listed.Step);
        Assert.Equal(12, listed.TotalSteps);
        Assert.Equal("validation", listed.ElboSplit);

        // The last evaluation counts, not the lines of steps after it.
        string evaluation = File.ReadLines(Path.Combine(run, "metrics.jsonl"))
            .Last(line => line.Contains("\"evaluation\"", StringComparison.Ordinal));
        Assert.Equal(JsonDocument.Parse(evaluation).RootElement.GetProperty("elbo").GetDouble(), listed.Elbo);
    }

    [Fact]
    public void A_run_before_its_first_evaluation_has_the_last_ELBO_of_training_and_no_total()
    {
        string metrics = Path.Combine(Unfinished("001-a"), "metrics.jsonl");
        File.WriteAllLines(metrics, File.ReadAllLines(metrics).Take(3));
        LocalRun listed = Assert.Single(List());
        Assert.Equal(("train", 3, null), (listed.ElboSplit, listed.Step, listed.TotalSteps));
        Assert.Equal(JsonDocument.Parse(File.ReadLines(metrics).Last()).RootElement.GetProperty("elbo").GetDouble(), listed.Elbo);
        Assert.Contains("3/?", LocalRunText.Table([listed], Now).Last(), StringComparison.Ordinal);
        Assert.Contains("(train)", LocalRunText.Table([listed], Now).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_running_as_long_as_a_process_holds_its_lock()
    {
        string run = Unfinished("001-a");
        using (new FileStream(Path.Combine(run, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal("running", Assert.Single(List()).State);
        Assert.Equal("stopped", Assert.Single(List()).State);
    }

    [Theory]
    [InlineData("run-state.json", "running", false, "stopped")] // its host has died
    [InlineData("run-state.json", "running", true, "running")]
    [InlineData("run-state.json", "pausing", true, "pausing")]
    [InlineData("run-state.json", "queued", false, "queued")]
    [InlineData("run-state.json", "paused", false, "paused")]
    [InlineData("run-state.json", "failed", true, "failed")]
    [InlineData("server.json", "running", false, "stopped")]
    [InlineData("server.json", "failed", false, "failed")]
    [InlineData("cluster.json", "running", true, "running")]
    [InlineData("cluster.json", "stopped", true, "stopped")]
    public void A_server_or_cluster_says_where_its_run_stands(string file, string written, bool hosted, string expected)
    {
        string run = Unfinished("001-a");
        File.WriteAllText(
            Path.Combine(run, file),
            $$"""
            {
              "id": "001-a", "workers": 1, "version": 3, "state": "{{written}}", "submitted": "2026-01-02T11:00:00Z", "error": "the disk is full",
              "beginning": { "firstStep": 1, "stepsPerEpoch": 6, "totalSteps": 42, "parameters": 9, "threads": 1, "engine": "e" }
            }
            """);
        using IDisposable? host = hosted ? RunsFolderLock.TakeShared(_folder.Path) : null;
        LocalRun listed = Assert.Single(List());
        Assert.Equal(expected, listed.State);
        Assert.Equal(42, listed.TotalSteps);
        Assert.Equal(Now.AddHours(-1), listed.Started);
        Assert.Equal(expected == "failed" ? "the disk is full" : null, listed.Error);
        Assert.EndsWith(" 1 h", LocalRunText.Table([listed], Now).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_a_cluster_with_a_database_is_running_while_its_metrics_grow()
    {
        string run = Unfinished("001-a");
        File.Delete(Path.Combine(run, "run.lock"));
        File.SetLastWriteTimeUtc(Path.Combine(run, "metrics.jsonl"), Now.UtcDateTime.AddSeconds(-10));
        Assert.Equal("running", Assert.Single(List()).State);
        File.SetLastWriteTimeUtc(Path.Combine(run, "metrics.jsonl"), Now.UtcDateTime.AddMinutes(-10));
        Assert.Equal("stopped", Assert.Single(List()).State);
    }

    [Fact]
    public async Task The_newest_run_comes_first_and_other_folders_are_left_out()
    {
        foreach ((string name, int age) in (ValueTuple<string, int>[])[("002-old", 3), ("001-new", 1), ("003-middle", 2)])
            File.SetLastWriteTimeUtc(Path.Combine(Unfinished(name), "run.yaml"), Now.UtcDateTime.AddHours(-age));
        Directory.CreateDirectory(_folder["notes"]);
        Assert.Equal(["001-new", "003-middle", "002-old"], List().Select(run => run.Id));

        string[] lines = (await Terminal.RunAsync("runs", _folder.Path))
            .Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["run", "state", "step", "ELBO", "age"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("001-new ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_is_listed_with_its_trials_and_the_ELBO_of_the_best()
    {
        Directory.CreateDirectory(_folder["004-sweep"]);
        File.WriteAllText(_folder[Path.Combine("004-sweep", "sweep.yaml")], "name: sweep\n");
        File.WriteAllText(_folder[Path.Combine("004-sweep", "summary.json")], """
            { "name": "sweep", "status": "finished", "objectives": [], "totalTrials": 2, "steps": 20, "best": 1, "front": [1], "trials": [
              { "index": 0, "parameters": {}, "seed": 1, "status": "failed", "folder": "trials/0", "steps": 10, "totalSteps": 10, "scores": {} },
              { "index": 1, "parameters": {}, "seed": 2, "status": "finished", "folder": "trials/1", "steps": 10, "totalSteps": 10, "scores": { "elbo": -98.5 } } ] }
            """);
        LocalRun sweep = Assert.Single(List());
        Assert.Equal(("sweep", "finished", 2, 2, -98.5), (sweep.Kind, sweep.State, sweep.TrialsEnded, sweep.TotalTrials, sweep.Elbo));
        Assert.Matches(@"^004-sweep\s+finished\s+2/2 trials\s+-98\.50", LocalRunText.Table([sweep], Now).Last());
    }

    [Fact]
    public void A_damaged_run_does_not_hide_the_others()
    {
        File.WriteAllText(Path.Combine(Unfinished("001-a"), "result.json"), "{ \"status\": ");
        Unfinished("002-b");
        Assert.Equal("unreadable", List().Single(run => run.Id == "001-a").State);
        Assert.Equal("stopped", List().Single(run => run.Id == "002-b").State);
    }

    [Fact]
    public void A_folder_that_holds_a_run_file_of_the_user_is_not_a_run()
    {
        File.WriteAllText(_folder["run.yaml"], TrainedFolder.Text);
        Directory.CreateDirectory(_folder["files"]);
        File.WriteAllText(_folder[Path.Combine("files", "run.yaml")], TrainedFolder.Text);
        Unfinished("001-a");
        Assert.Equal(["001-a"], List().Select(run => run.Id));
    }

    [Fact]
    public async Task The_folder_of_one_run_lists_that_run()
    {
        Terminal result = await Terminal.RunAsync("runs", Unfinished("001-a"));
        Assert.StartsWith("001-a ", result.Output.Split(Environment.NewLine)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_runs_is_no_error_and_one_that_is_not_there_is()
    {
        Terminal none = await Terminal.RunAsync("runs", _folder.Path);
        Assert.Equal((0, $"no runs in {_folder.Path} yet; start one with: vaecluster quickstart"), (none.Code, none.Output.TrimEnd()));
        Assert.Equal("[]", (await Terminal.RunAsync("runs", _folder.Path, "--json")).Output.TrimEnd());

        Terminal missing = await Terminal.RunAsync("runs", _folder["missing"]);
        Assert.Equal((2, $"error: DIR is '{_folder["missing"]}': an existing folder"), (missing.Code, missing.Error.TrimEnd()));
    }

    [Fact]
    public void Of_long_metrics_only_the_end_is_read()
    {
        string metrics = _folder["metrics.jsonl"];
        using (var stream = new FileStream(metrics, FileMode.Create))
        {
            // No machine holds this file in memory; it takes no room on the disk.
            stream.SetLength(1L << 36);
            stream.Seek(0, SeekOrigin.End);
            stream.Write("\n{\"kind\":\"step\",\"step\":7,\"epoch\":2,\"elbo\":-3.5}\n{\"kind\":\"st"u8);
        }

        MetricsEnd end = MetricsEnd.Read(metrics);
        Assert.Equal((7, -3.5), (end.Step, end.Elbo));
    }

    private IReadOnlyList<LocalRun> List() => new LocalRunReader(_folder.Path, new FixedTime(Now)).List(_folder.Path);

    // The trained run as it was after 10 of its 12 steps.
    private string Unfinished(string name)
    {
        string folder = _folder[name];
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(trained.Run, "run.yaml"), Path.Combine(folder, "run.yaml"));
        File.WriteAllText(Path.Combine(folder, "run.lock"), string.Empty);
        File.WriteAllLines(
            Path.Combine(folder, "metrics.jsonl"),
            File.ReadLines(Path.Combine(trained.Run, "metrics.jsonl"))
                .TakeWhile(line => !line.Contains("\"step\":11,", StringComparison.Ordinal)));
        return folder;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
