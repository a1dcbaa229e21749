using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>What the sweep service guarantees on every host.</summary>
public abstract class SweepServiceLaws
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_sweep_is_followed_to_its_end_with_the_weights_of_its_runs()
    {
        await using LawHost host = await StartAsync();
        SweepInfo sweep = await host.Sweeps.SubmitAsync(new SweepSubmission
        {
            SweepFile = LawRun.Sweep(3, "space: { objective.beta: [1, 4] }"),
        }, None);
        Assert.Equal(("001-law", 2, 1), (sweep.Id, sweep.TotalTrials, sweep.Parallel));
        List<SweepEvent> lines = await LinesAsync(host, sweep.Id, 0);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => (int)line.Position));
        Assert.Equal("finish", lines[^1].Kind);
        Assert.Equal(lines.Skip(4).Select(line => line.Position), (await LinesAsync(host, sweep.Id, 4)).Select(line => line.Position));
        SweepInfo end = await EndAsync(host, sweep.Id);
        Assert.Equal((SweepState.Finished, 2), (end.State, end.Finished));
        string[] expected = [.. new[] { 1, 4 }.Select(beta => LawRun.Weights(LawRun.Text(), Path.Combine(host.Folder, $"trained-{beta}"),
            $"objective.beta={beta}"))];
        Assert.Equal(expected, end.Summary!.Trials.Select(trial => trial.WeightsSha256!));
        await using Stream? report = await host.Sweeps.OpenAsync(sweep.Id, SweepArtifact.Report, None),
            summary = await host.Sweeps.OpenAsync(sweep.Id, SweepArtifact.Summary, None);
        Assert.True(report is not null && summary is not null);
        SweepInfo listed = Assert.Single((await host.Sweeps.ListAsync(9, null, None)).Sweeps);
        Assert.Equal((sweep.Id, SweepState.Finished, null), (listed.Id, listed.State, listed.SweepFile));
        await ConflictAsync(() => host.Sweeps.CancelAsync(sweep.Id, None),
            "this sweep is finished; only a sweep in progress can be cancelled");
        Assert.Equal(SweepState.Finished, (await host.Sweeps.ResumeAsync(sweep.Id, None)).State);
    }

    [Fact]
    public async Task A_key_finds_the_sweep_of_its_first_submission_and_never_a_run()
    {
        await using LawHost host = await StartAsync();
        var submission = new SweepSubmission { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1] }"), Key = "nightly" };
        Assert.Equal("001-law", (await host.Sweeps.SubmitAsync(submission, None)).Id);
        Assert.Equal("001-law", (await host.Sweeps.SubmitAsync(submission with { FileName = "copy.yaml" }, None)).Id);
        var other = submission with { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1, 2] }") };
        await ConflictAsync(() => host.Sweeps.SubmitAsync(other, None),
            "key is 'nightly': a different key; 001-law was submitted with this one, from other content");
        var run = new RunSubmission { RunFile = LawRun.Text(), Key = "nightly" };
        Assert.Equal(RunRefusal.Conflict, (await Assert.ThrowsAsync<RunRefusedException>(() => host.Runs.SubmitAsync(run, None))).Reason);
        Assert.Equal(1, (await EndAsync(host, "001-law")).TotalTrials);
    }

    [Fact]
    public async Task Many_submissions_at_once_with_one_key_make_one_sweep()
    {
        await using LawHost host = await StartAsync();
        var submission = new SweepSubmission { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1] }"), Key = "nightly" };
        SweepInfo[] answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => host.Sweeps.SubmitAsync(submission, None))));
        Assert.All(answers, sweep => Assert.Equal("001-law", sweep.Id));
        Assert.Equal(["001-law"], (await host.Sweeps.ListAsync(99, null, None)).Sweeps.Select(sweep => sweep.Id));
        Assert.Equal(SweepState.Finished, (await EndAsync(host, "001-law")).State);
    }

    [Fact]
    public async Task The_id_of_a_deleted_sweep_is_never_given_out_again_and_many_deletions_at_once_end_without_a_fault()
    {
        await using LawHost host = await StartAsync();
        var submission = new SweepSubmission { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1] }") };
        SweepInfo first = await EndAsync(host, (await host.Sweeps.SubmitAsync(submission, None)).Id);
        Exception?[] ends = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => Record.ExceptionAsync(() => host.Sweeps.DeleteAsync(first.Id, None)))));
        Assert.Single(ends, end => end is null);
        Assert.All(ends.OfType<Exception>(), end =>
            Assert.Contains(Assert.IsType<RunRefusedException>(end).Reason, (RunRefusal[])[RunRefusal.NotFound, RunRefusal.Conflict]));
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
        SweepInfo again = await host.Sweeps.SubmitAsync(submission, None);
        Assert.NotEqual(first.Id, again.Id);
        SweepInfo end = await EndAsync(host, again.Id);
        Assert.Equal((SweepState.Finished, 1), (end.State, end.Finished));
    }

    [Fact]
    public async Task A_sweep_is_paused_changed_resumed_and_deleted_and_invalid_transitions_are_refused()
    {
        await using LawHost host = await StartAsync();
        var submission = new SweepSubmission
        {
            SweepFile = LawRun.Sweep(100_000, "search: { kind: random, trials: 1 }\nspace: { objective.beta: { min: 1, max: 4 } }"),
        };
        string id = (await host.Sweeps.SubmitAsync(submission, None)).Id;
        await LawRun.UntilAsync(() => host.Sweeps.ShowAsync(id, None), sweep => sweep.Running == 1);
        await ConflictAsync(() => host.Sweeps.ResumeAsync(id, None), "is running; only a sweep that is not in progress can be resumed");
        await ConflictAsync(() => host.Sweeps.DeleteAsync(id, None), "is running; only a sweep that is not in progress can be deleted");
        Assert.Equal(SweepState.Stopping, (await host.Sweeps.PauseAsync(id, None)).State);
        SweepInfo paused = await EndAsync(host, id);
        Assert.Equal((SweepState.Paused, 0), (paused.State, paused.Running));
        await ConflictAsync(() => host.Sweeps.PauseAsync(id, None), "this sweep is paused; only a sweep in progress can be paused");
        await Assert.ThrowsAsync<BadInputException>(() => host.Sweeps.ChangeAsync(id, ["training.epochs=2"], None));
        Assert.Equal((2, 2), await host.Sweeps.ChangeAsync(id, ["parallel=2", "search.trials=2"], None) is var changed
            ? (changed.TotalTrials, changed.Parallel)
            : default);
        await host.Sweeps.ResumeAsync(id, None);
        await LawRun.UntilAsync(() => host.Sweeps.ShowAsync(id, None), sweep => sweep.Running == 2);
        await host.Sweeps.CancelAsync(id, None);
        Assert.Equal(SweepState.Stopped, (await EndAsync(host, id)).State);

        // Trials that are runs may still be writing their last checkpoints.
        await LawRun.UntilAsync(() => TryDeleteAsync(host, id), isGone => isGone);
        Assert.Empty((await host.Sweeps.ListAsync(9, null, None)).Sweeps);
        Assert.Empty((await host.Runs.ListAsync(9, null, None)).Runs);
        Assert.Empty(Directory.GetDirectories(host.RunsFolder));
        Assert.Equal(RunRefusal.NotFound, (await Assert.ThrowsAsync<RunRefusedException>(() => host.Sweeps.ShowAsync(id, None))).Reason);
    }

    [Fact]
    public async Task More_trials_of_a_finished_sweep_queue_it_again()
    {
        await using LawHost host = await StartAsync();
        var submission = new SweepSubmission
        {
            SweepFile = LawRun.Sweep(1, "search: { kind: random, trials: 1 }\nspace: { objective.beta: { min: 1, max: 4 } }"),
        };
        string id = (await host.Sweeps.SubmitAsync(submission, None)).Id;
        await EndAsync(host, id);
        await host.Sweeps.ChangeAsync(id, ["search.trials=2"], None);
        SweepInfo end = await EndAsync(host, id);
        Assert.Equal((SweepState.Finished, 2), (end.State, end.Finished));
    }

    [Fact]
    public async Task A_sweep_begun_by_hand_is_listed()
    {
        await using LawHost host = await StartAsync();
        SweepSpec spec = SweepFile.Parse(new SweepSource
        {
            Text = LawRun.Sweep(1, "space: { objective.beta: [1] }"),
            FileName = "sweep.yaml",
            Folder = host.Folder,
            Base = name => throw name.Origin.Fault("base", name.Value, "no base file here"),
            Overrides = [],
            OverrideFolder = host.Folder,
        });
        using (SweepJournal journal = SweepJournal.Create(spec, Path.Combine(host.RunsFolder, "001-hand"), TimeProvider.System))
        {
            var trials = new InProcessTrials(() => new ManagedEngine(), 1);
            Assert.Equal("finished", (await new SweepDriver(journal, trials, new SweepDriverOptions()).RunAsync(None)).Status);
        }

        SweepInfo sweep = Assert.Single((await host.Sweeps.ListAsync(9, null, None)).Sweeps);
        Assert.Equal(("001-hand", SweepState.Finished, 1), (sweep.Id, sweep.State, sweep.Finished));
        await host.Sweeps.DeleteAsync("001-hand", None);
        Assert.Empty(Directory.GetDirectories(host.RunsFolder));
    }

    [Fact]
    public async Task The_next_host_continues_a_sweep_in_progress()
    {
        await using LawHost host = await StartAsync();
        string id = (await host.Sweeps.SubmitAsync(new SweepSubmission
        {
            SweepFile = LawRun.Sweep(100, "space: { objective.beta: [1, 4] }"),
        }, None)).Id;
        await LawRun.UntilAsync(() => host.Sweeps.ShowAsync(id, None), sweep => sweep.Running + sweep.Finished > 0);
        await host.RestartAsync();
        SweepInfo end = await EndAsync(host, id);
        Assert.Equal((SweepState.Finished, 2), (end.State, end.Finished));
        string expected = LawRun.Weights(LawRun.Text(100), Path.Combine(host.Folder, "trained"), "objective.beta=1");
        Assert.Equal(expected, end.Summary!.Trials[0].WeightsSha256);
        Assert.All(end.Summary.Trials, trial => Assert.Equal(TrialStatus.Finished, trial.Status));
    }

    /// <summary>Starts a host on a new folder, without data folders.</summary>
    protected abstract Task<LawHost> StartAsync();

    private static Task<SweepInfo> EndAsync(LawHost host, string id) => LawRun.UntilAsync(
        () => host.Sweeps.ShowAsync(id, None), sweep => sweep.State is not (SweepState.Queued or SweepState.Running
        or SweepState.Stopping));

    private static async Task<List<SweepEvent>> LinesAsync(LawHost host, string id, long after)
    {
        var lines = new List<SweepEvent>();
        await foreach (SweepEvent line in host.Sweeps.FollowAsync(id, after, None)) lines.Add(line);
        return lines;
    }

    private static async Task<bool> TryDeleteAsync(LawHost host, string id)
    {
        try
        {
            await host.Sweeps.DeleteAsync(id, None);
            return true;
        }
        catch (RunRefusedException fault) when (fault.Reason == RunRefusal.Conflict)
        {
            return false;
        }
    }

    private static async Task ConflictAsync(Func<Task> call, string words)
    {
        RunRefusedException refused = await Assert.ThrowsAsync<RunRefusedException>(call);
        Assert.Equal(RunRefusal.Conflict, refused.Reason);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }
}
