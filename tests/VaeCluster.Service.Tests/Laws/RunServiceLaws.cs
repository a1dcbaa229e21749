using VaeCluster.Core;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>What the run service guarantees on every host.</summary>
public abstract class RunServiceLaws
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_submitted_run_ends_with_the_weights_of_train_and_all_its_files_can_be_read()
    {
        await using LawHost host = await StartAsync();
        RunInfo run = await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(), Workers = 2 }, None);
        Assert.Equal(("001-law", "law", 3, 2), (run.Id, run.Name, run.Epochs, run.Workers));
        List<MetricsLine> lines = await LawRun.LinesAsync(host.Runs.FollowAsync(run.Id, MetricsPosition.Start, None));
        Assert.Equal(Enumerable.Range(1, 12), Steps(lines));
        RunInfo end = await EndAsync(host, run.Id);
        Assert.Equal((RunState.Finished, 12), (end.State, end.Step));
        Assert.Equal(LawRun.Weights(LawRun.Text(), Path.Combine(host.Folder, "trained")), end.Result!.WeightsSha256);
        Assert.Contains("seed: 1", end.RunFile, StringComparison.Ordinal);
        Assert.Contains(end.Result.WeightsSha256, await TextAsync((await host.Runs.OpenAsync(run.Id, RunArtifact.Report, None))!),
            StringComparison.Ordinal);
        Assert.Contains(end.Result.WeightsSha256, await TextAsync((await host.Runs.OpenAsync(run.Id, RunArtifact.Result, None))!),
            StringComparison.Ordinal);
        Assert.Equal(12, (await host.Runs.CurveAsync(run.Id, 100, None)).Step);
        Assert.Empty((await host.Runs.WorkersAsync(run.Id, None)).Workers);
        RunCheckpoint newest = (await host.Runs.CheckpointsAsync(run.Id, None))[0];
        await using Stream model = await host.Runs.OpenCheckpointAsync(run.Id, newest.Name, "model.safetensors", None);
        string file = Path.Combine(host.RunsFolder, run.Id, "checkpoints", newest.Name, "model.safetensors");
        Assert.Equal((12, new FileInfo(file).Length), (newest.Step, await LengthAsync(model)));
        RunPicture picture = await host.Runs.DrawAsync(run.Id, new PictureRequest { Kind = PictureKind.Samples }, None);
        Assert.Equal((12, false), (picture.Step, picture.IsLive));
        Assert.Equal(2, (await host.Runs.InspectAsync(run.Id, None)).Latent);
        Assert.Equal(2, (await host.Runs.EncodeAsync(run.Id, 0, None)).Mean.Count);
        Assert.Null(await host.Runs.WhyNotReadyAsync(None));
    }

    [Fact]
    public async Task A_key_finds_the_run_of_its_first_submission_and_never_another_run_or_a_sweep()
    {
        await using LawHost host = await StartAsync();
        var submission = new RunSubmission { RunFile = LawRun.Text(), Key = "nightly" };
        Assert.Equal("001-law", (await host.Runs.SubmitAsync(submission, None)).Id);
        Assert.Equal("001-law", (await host.Runs.SubmitAsync(submission with { FileName = "copy.yaml" }, None)).Id);
        foreach (RunSubmission other in (RunSubmission[])[
            submission with { RunFile = LawRun.Text(epochs: 5) }, submission with { Overrides = ["training.seed=2"] },
            submission with { Workers = 2 }])
        {
            await ConflictAsync(() => host.Runs.SubmitAsync(other, None),
                "key is 'nightly': a different key; 001-law was submitted with this one, from other content");
        }

        Assert.Equal("002-law", (await host.Runs.SubmitAsync(submission with { Key = "another" }, None)).Id);
        var sweep = new SweepSubmission { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1] }"), Key = "nightly" };
        Assert.Equal(RunRefusal.Conflict,
            (await Assert.ThrowsAsync<RunRefusedException>(() => host.Sweeps.SubmitAsync(sweep, None))).Reason);
        Assert.Equal(3, (await EndAsync(host, "001-law")).Epochs);
    }

    [Fact]
    public async Task Many_submissions_at_once_with_one_key_make_one_run()
    {
        await using LawHost host = await StartAsync();
        var submission = new RunSubmission { RunFile = LawRun.Text(), Key = "nightly" };
        RunInfo[] answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => host.Runs.SubmitAsync(submission, None))));
        Assert.All(answers, run => Assert.Equal("001-law", run.Id));
        Assert.Equal(["001-law"], (await host.Runs.ListAsync(99, null, None)).Runs.Select(run => run.Id));
        Assert.Equal(RunState.Finished, (await EndAsync(host, "001-law")).State);
    }

    [Fact]
    public async Task The_id_of_a_deleted_run_is_never_given_out_again()
    {
        await using LawHost host = await StartAsync();
        var submission = new RunSubmission { RunFile = LawRun.Text() };
        await EndAsync(host, (await host.Runs.SubmitAsync(submission, None)).Id);
        string first = (await host.Runs.ShowAsync("001-law", None)).Result!.WeightsSha256;
        await host.Runs.DeleteAsync("001-law", None);
        RunInfo again = await host.Runs.SubmitAsync(submission with { RunFile = LawRun.Text(epochs: 4) }, None);
        Assert.Equal("002-law", again.Id);
        RunInfo end = await EndAsync(host, again.Id);
        Assert.Equal((RunState.Finished, 16), (end.State, end.Step));
        Assert.NotEqual(first, end.Result!.WeightsSha256);
        await host.Runs.DeleteAsync("002-law", None);
        Directory.Delete(Path.Combine(host.RunsFolder, (await SubmittedAsync()).Id), recursive: true); // by hand, and behind its back
        await host.RestartAsync();
        Assert.Equal("004-law", (await SubmittedAsync()).Id);

        async Task<RunInfo> SubmittedAsync() => await EndAsync(host, (await host.Runs.SubmitAsync(submission, None)).Id);
    }

    [Fact]
    public async Task Of_many_deletions_at_once_one_succeeds_and_the_others_find_nothing()
    {
        await using LawHost host = await StartAsync();
        string id = (await EndAsync(host, (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None)).Id)).Id;
        Exception?[] ends = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => Record.ExceptionAsync(() => host.Runs.DeleteAsync(id, None)))));
        Assert.Single(ends, end => end is null);
        Assert.All(ends.OfType<Exception>(), end => Assert.Equal(RunRefusal.NotFound, Assert.IsType<RunRefusedException>(end).Reason));
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
    }

    [Fact]
    public async Task A_damaged_state_of_a_run_in_progress_is_written_again_and_the_run_has_its_result()
    {
        await using LawHost host = await StartAsync();
        string text = LawRun.Text(epochs: 150), id = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = text }, None)).Id;
        await LawRun.UntilAsync(() => host.Runs.ShowAsync(id, None), run => run.Step >= 20);
        await File.WriteAllTextAsync(Path.Combine(host.RunsFolder, id, "run-state.json"), "{ torn", None);
        RunInfo end = await LawRun.UntilAsync(() => ShownAsync(host, id), run => run?.State.IsInProgress() == false) ?? throw new
            InvalidOperationException();
        Assert.Equal(RunState.Finished, end.State);
        Assert.Equal(LawRun.Weights(text, Path.Combine(host.Folder, "trained")), end.Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_run_begins_with_the_weights_of_another_run_of_the_server()
    {
        await using LawHost host = await StartAsync();
        RunInfo first = await EndAsync(host, (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None)).Id);
        Assert.Null(first.From);
        var submission = new RunSubmission { RunFile = LawRun.Text(seed: 2), From = "001-law@12", OptimizerState = true };
        RunInfo second = await EndAsync(host, (await host.Runs.SubmitAsync(submission, None)).Id);
        Assert.Equal(("001-law", 12, true), (second.From!.Run, second.From.Step, second.From.OptimizerState));
        var start = new StartingWeights(Path.Combine(host.RunsFolder, "001-law@12"), OptimizerState: true);
        Assert.Equal(LawRun.Train(LawRun.Text(seed: 2), Path.Combine(host.Folder, "trained"), from: start)!.WeightsSha256,
            second.Result!.WeightsSha256);
        Assert.Contains((await host.Runs.CheckpointsAsync(second.Id, None)), checkpoint => checkpoint.Step == 0);
    }

    [Theory]
    [InlineData("002-none", "is '002-none': a run of this server, optionally followed by @STEP or @best to choose a checkpoint")]
    [InlineData("../001-law", "is '../001-law': a run of this server, optionally followed by @STEP or @best to choose a checkpoint")]
    [InlineData("001-law@13", "@best, or the step of a checkpoint: 12")]
    public async Task Starting_weights_that_the_server_does_not_have_are_refused_and_no_run_is_created(string from, string message)
    {
        await using LawHost host = await StartAsync();
        await EndAsync(host, (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None)).Id);
        var fault = await Assert.ThrowsAsync<BadInputException>(
            () => host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(), From = from }, None));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Single((await host.Runs.ListAsync(9, null, None)).Runs);
    }

    [Fact]
    public async Task A_stopped_run_with_a_changed_run_file_fails_with_the_reason_and_resumes_once_it_is_restored()
    {
        await using LawHost host = await StartAsync();
        string text = LawRun.Text(epochs: 150), id = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = text }, None)).Id;
        await LawRun.UntilAsync(() => host.Runs.ShowAsync(id, None), run => run.Step >= 20);
        await host.Runs.CancelAsync(id, None);
        await EndAsync(host, id);
        string file = Path.Combine(host.RunsFolder, id, "run.yaml"), before = await File.ReadAllTextAsync(file, None);
        await File.WriteAllTextAsync(file, before.Replace("learningRate: 0.001", "learningRate: 0.1", StringComparison.Ordinal), None);
        await host.Runs.ResumeAsync(id, null, None);
        RunInfo failed = await EndAsync(host, id);
        Assert.Equal(RunState.Failed, failed.State);
        Assert.Contains("training.learningRate is '0.1': the run began with 0.001", failed.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, before, None);
        await host.Runs.ResumeAsync(id, null, None);
        Assert.Equal(LawRun.Weights(text, Path.Combine(host.Folder, "trained")), (await EndAsync(host, id)).Result!.WeightsSha256);
    }

    [Fact]
    public async Task Runs_are_listed_in_pages_newest_first_each_once()
    {
        await using LawHost host = await StartAsync();
        for (int i = 0; i < 5; i++) await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text() }, None);
        var seen = new List<RunInfo>();
        string? after = null;
        do
        {
            RunPage page = await host.Runs.ListAsync(2, after, None);
            Assert.InRange(page.Runs.Count, 1, 2);
            seen.AddRange(page.Runs);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(["005-law", "004-law", "003-law", "002-law", "001-law"], seen.Select(run => run.Id));
        Assert.All(seen, run => Assert.Null(run.RunFile));
        foreach (RunInfo run in seen) await EndAsync(host, run.Id);
        Assert.All((await host.Runs.ListAsync(9, null, None)).Runs, run => Assert.Equal((RunState.Finished, 12), (run.State, run.Step)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_is_stopped_and_resumed_to_the_same_weights_and_invalid_transitions_are_refused(bool pauses)
    {
        await using LawHost host = await StartAsync();
        string text = LawRun.Text(epochs: 150), id = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = text }, None)).Id;
        await LawRun.UntilAsync(() => host.Runs.ShowAsync(id, None), run => run.Step >= 20);
        await ConflictAsync(() => host.Runs.ResumeAsync(id, null, None), "is running; only a run that is not in progress can be resumed");
        await ConflictAsync(() => host.Runs.DeleteAsync(id, None), "is running; only a run that is not in progress can be deleted");
        RunInfo told = pauses ? await host.Runs.PauseAsync(id, None) : await host.Runs.CancelAsync(id, None);
        Assert.Equal(pauses ? RunState.Pausing : RunState.Stopping, told.State);
        RunInfo rest = await EndAsync(host, id);
        Assert.Equal(pauses ? RunState.Paused : RunState.Stopped, rest.State);
        Assert.InRange(rest.Step, 20, 599);
        Assert.Equal(rest.Step, (await host.Runs.CheckpointsAsync(id, None))[0].Step);
        await ConflictAsync(() => host.Runs.PauseAsync(id, None), "only a run in progress can be paused");
        await ConflictAsync(() => host.Runs.CancelAsync(id, None), "only a run in progress can be cancelled");
        Assert.Null(await host.Runs.OpenAsync(id, RunArtifact.Result, None));

        List<MetricsLine> before = await LawRun.LinesAsync(host.Runs.FollowAsync(id, MetricsPosition.Start, None));
        Assert.True((await host.Runs.ResumeAsync(id, 2, None)).State.IsInProgress());
        List<MetricsLine> rests = await LawRun.LinesAsync(host.Runs.FollowAsync(id, before[^1].Position, None));
        Assert.Equal(Enumerable.Range(1, 600), Steps([.. before, .. rests]));
        RunInfo end = await EndAsync(host, id);
        Assert.Equal((RunState.Finished, 2), (end.State, end.Workers));
        Assert.Equal(LawRun.Weights(text, Path.Combine(host.Folder, "trained")), end.Result!.WeightsSha256);
        Assert.Equal(RunState.Finished, (await host.Runs.ResumeAsync(id, null, None)).State);
        await ConflictAsync(() => host.Runs.CancelAsync(id, None), "this run is finished; only a run in progress can be cancelled");
    }

    [Fact]
    public async Task A_follower_gets_each_line_after_its_position_once()
    {
        await using LawHost host = await StartAsync();
        string id = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(epochs: 20) }, None)).Id;
        var first = new List<MetricsLine>();
        await foreach (MetricsLine line in host.Runs.FollowAsync(id, MetricsPosition.Start, None))
        {
            first.Add(line with { Json = line.Json.ToArray() });
            if (first.Count == 7) break;
        }

        List<MetricsLine> rest = await LawRun.LinesAsync(host.Runs.FollowAsync(id, first[^1].Position, None));
        List<MetricsLine> all = await LawRun.LinesAsync(host.Runs.FollowAsync(id, MetricsPosition.Start, None));
        Assert.Equal(all.Select(line => line.Position), first.Concat(rest).Select(line => line.Position));
        Assert.Equal(all.Count, all.Select(line => line.Position).Distinct().Count());
        Assert.Equal(File.ReadLines(Path.Combine(host.RunsFolder, id, "metrics.jsonl")),
            all.Select(line => System.Text.Encoding.UTF8.GetString(line.Json.Span)));
    }

    [Fact]
    public async Task Workers_and_curve_of_a_run_in_progress_are_shown_and_a_deleted_run_is_gone()
    {
        await using LawHost host = await StartAsync();
        string id = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(epochs: 100_000) }, None)).Id;
        RunWorkers workers = await LawRun.UntilAsync(() => host.Runs.WorkersAsync(id, None), found =>
            found.Workers.Any(worker => worker.Compute > 0));
        Assert.NotEmpty(workers.Spans);
        Assert.NotEmpty((await LawRun.UntilAsync(() => host.Runs.CurveAsync(id, 50, None), curve => curve.Step > 4)).Latest);
        await host.Runs.CancelAsync(id, None);
        await EndAsync(host, id);
        await host.Runs.DeleteAsync(id, None);
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
        Assert.False(Directory.Exists(Path.Combine(host.RunsFolder, id)));
        foreach (Func<Task> call in (Func<Task>[])[
            () => host.Runs.ShowAsync(id, None), () => host.Runs.DeleteAsync(id, None), () => host.Runs.ResumeAsync(id, null, None),
                () => host.Runs.CancelAsync("../001-law", None),
            () => host.Runs.CurveAsync(id, 50, None), () => host.Runs.CheckpointsAsync(id, None),
            () => LawRun.LinesAsync(host.Runs.FollowAsync(id, MetricsPosition.Start, None))])
        {
            Assert.Equal(RunRefusal.NotFound, (await Assert.ThrowsAsync<RunRefusedException>(call)).Reason);
        }
    }

    [Fact]
    public async Task Runs_trained_by_hand_are_listed_resumed_and_deleted()
    {
        await using LawHost host = await StartAsync();
        string text = LawRun.Text(epochs: 20);
        string expected = LawRun.Weights(text, Path.Combine(host.RunsFolder, "001-done"));
        LawRun.Train(text, Path.Combine(host.RunsFolder, "002-left"), stopAt: 30);
        IReadOnlyList<RunInfo> listed = (await host.Runs.ListAsync(9, null, None)).Runs;
        Assert.Equal([("001-done", RunState.Finished), ("002-left", RunState.Stopped)],
            listed.OrderBy(run => run.Id).Select(run => (run.Id, run.State)));
        Assert.Equal(expected, (await host.Runs.ShowAsync("001-done", None)).Result!.WeightsSha256);
        await ConflictAsync(() => host.Runs.PauseAsync("002-left", None), "this run is stopped; only a run in progress can be paused");
        await host.Runs.ResumeAsync("002-left", null, None);
        RunInfo end = await EndAsync(host, "002-left");
        Assert.Equal((RunState.Finished, expected), (end.State, end.Result!.WeightsSha256));
        await host.Runs.DeleteAsync("001-done", None);
        await host.Runs.DeleteAsync("002-left", None);
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
    }

    [Fact]
    public async Task The_next_host_continues_runs_in_progress_but_not_paused_ones()
    {
        await using LawHost host = await StartAsync();
        string first = LawRun.Text(epochs: 150), second = LawRun.Text(epochs: 3, seed: 2);
        string paused = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(epochs: 100_000) }, None)).Id;
        await LawRun.UntilAsync(() => host.Runs.ShowAsync(paused, None), run => run.Step >= 4);
        await host.Runs.PauseAsync(paused, None);
        await EndAsync(host, paused);
        string running = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = first }, None)).Id;
        string next = (await host.Runs.SubmitAsync(new RunSubmission { RunFile = second }, None)).Id;
        await LawRun.UntilAsync(() => host.Runs.ShowAsync(running, None), run => run.Step >= 20);
        await host.RestartAsync();
        Assert.Equal(RunState.Paused, (await host.Runs.ShowAsync(paused, None)).State);
        List<MetricsLine> lines = await LawRun.LinesAsync(host.Runs.FollowAsync(running, MetricsPosition.Start, None));
        Assert.Equal(Enumerable.Range(1, 600), Steps(lines));
        Assert.Equal(LawRun.Weights(first, Path.Combine(host.Folder, "trained-1")), (await EndAsync(host, running)).Result!.WeightsSha256);
        Assert.Equal(LawRun.Weights(second, Path.Combine(host.Folder, "trained-2")), (await EndAsync(host, next)).Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_run_that_cannot_be_trained_is_refused_and_leaves_nothing()
    {
        await using LawHost host = await StartAsync();
        await Assert.ThrowsAsync<BadInputException>(
            () => host.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(), Overrides = ["objective.bta=4"] }, None));
        await Assert.ThrowsAsync<BadInputException>(() => host.Runs.SubmitAsync(new RunSubmission
        {
            RunFile = LawRun.Text(),
            Workers = 0,
        }, None));
        var outside = new RunSubmission { RunFile = "data: { dataset: mnist, path: /etc }\nmodel: { architecture: mlp }\n" };
        Assert.Equal(RunRefusal.Forbidden,
            (await Assert.ThrowsAsync<RunRefusedException>(() => host.Runs.SubmitAsync(outside, None))).Reason);
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
        Assert.Empty(Directory.GetDirectories(host.RunsFolder));
    }

    /// <summary>Starts a host on a new folder, without data folders.</summary>
    protected abstract Task<LawHost> StartAsync();

    private static Task<RunInfo> EndAsync(LawHost host, string id) =>
        LawRun.UntilAsync(() => host.Runs.ShowAsync(id, None), run => !run.State.IsInProgress());

    private static async Task<RunInfo?> ShownAsync(LawHost host, string id)
    {
        try
        {
            return await host.Runs.ShowAsync(id, None);
        }
        catch (BadInputException)
        {
            return null; // damaged
        }
    }

    private static async Task ConflictAsync(Func<Task> call, string words)
    {
        RunRefusedException refused = await Assert.ThrowsAsync<RunRefusedException>(call);
        Assert.Equal(RunRefusal.Conflict, refused.Reason);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Steps(List<MetricsLine> lines) =>
        lines.Where(line => line.Kind == "step").Select(line => System.Text.Json.JsonDocument.Parse(line.Json)
            .RootElement.GetProperty("step").GetInt32());

    private static async Task<string> TextAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<long> LengthAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.Length;
    }
}
