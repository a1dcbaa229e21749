using VaeCluster.Engine.Managed;
using VaeCluster.Service.InProcess;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Service.Tests.InProcess;

/// <summary>A run whose step does not end, as when its data are on a disk that does not answer.</summary>
public sealed class StuckRunTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _answers = new(), _isStuck = new();

    public void Dispose()
    {
        _answers.Set();
        _answers.Dispose();
        _isStuck.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_cancelled_lets_others_in_writes_nothing_when_it_wakes_and_resumes_to_the_same_weights()
    {
        await using InProcessService service = await OpenAsync();
        string text = LawRun.Text(epochs: 20), stuck = (await service.Runs.SubmitAsync(new RunSubmission { RunFile = text }, None)).Id;
        await Task.Run(_isStuck.Wait);
        RunInfo next = await service.Runs.SubmitAsync(new RunSubmission { RunFile = LawRun.Text(seed: 2) }, None);
        Assert.Equal(RunState.Queued, next.State);
        await service.Runs.CancelAsync(stuck, None);
        RunInfo stopped = await EndAsync(service, stuck);
        Assert.Equal(RunState.Stopped, stopped.State);
        Assert.Equal("the run did not stop within 0.1 s after step 59 and was given up; it continues from its last checkpoint",
            Assert.Single(stopped.Notes));
        Assert.Equal(RunState.Finished, (await EndAsync(service, next.Id)).State);

        _answers.Set();
        await LawRun.UntilAsync(() => Task.FromResult(IsFree(stuck)), free => free);
        Assert.Equal([50], (await service.Runs.CheckpointsAsync(stuck, None)).Select(checkpoint => checkpoint.Step));
        await service.Runs.ResumeAsync(stuck, null, None);
        Assert.Equal(LawRun.Weights(text, Path.Combine(_folder.Path, "trained")), (await EndAsync(service, stuck)).Result!.WeightsSha256);
    }

    [Fact]
    public async Task A_sweep_with_such_a_trial_is_cancelled_and_resumes_once_its_trial_lets_go()
    {
        using var answers = new ManualResetEventSlim();
        using var isStuck = new ManualResetEventSlim();
        int engines = 0;
        await using InProcessService service = await InProcessService.OpenAsync(new InProcessOptions
        {
            RunsFolder = _folder["runs"],
            Engine = () =>
            {
                // The check at submission needs none; the first is the trial's.
                if (Interlocked.Increment(ref engines) != 1) return new ManagedEngine();
                isStuck.Set();
                answers.Wait();
                return new ManagedEngine();
            },
            StopGrace = TimeSpan.FromMilliseconds(100),
        });
        string id = (await service.Sweeps.SubmitAsync(
            new SweepSubmission { SweepFile = LawRun.Sweep(1, "space: { objective.beta: [1] }") }, None)).Id;
        await Task.Run(isStuck.Wait);
        await service.Sweeps.CancelAsync(id, None);
        SweepInfo stopped = await LawRun.UntilAsync(() => service.Sweeps.ShowAsync(id, None),
            sweep => sweep.State is not (SweepState.Running or SweepState.Stopping));
        Assert.Equal(SweepState.Stopped, stopped.State);
        Assert.Contains("did not stop within 0.1 s and was given up", Assert.Single(stopped.Notes), StringComparison.Ordinal);
        answers.Set();
        await LawRun.UntilAsync(() => ResumedAsync(service, id), sweep => sweep.State == SweepState.Finished);
    }

    [Fact]
    public async Task It_does_not_keep_the_host_from_ending_and_the_next_host_continues_it()
    {
        string text = LawRun.Text(epochs: 20), stuck;
        await using (InProcessService service = await OpenAsync())
        {
            stuck = (await service.Runs.SubmitAsync(new RunSubmission { RunFile = text }, None)).Id;
            await Task.Run(_isStuck.Wait);
        }

        _answers.Set(); // in a process of its own it would be gone by now
        await LawRun.UntilAsync(() => Task.FromResult(IsFree(stuck)), free => free);
        await using InProcessService other = await OpenAsync();
        Assert.Equal(LawRun.Weights(text, Path.Combine(_folder.Path, "trained")), (await EndAsync(other, stuck)).Result!.WeightsSha256);
    }

    // As long as the old trial holds the sweep's folder, a resumed sweep fails.
    private static async Task<SweepInfo> ResumedAsync(InProcessService service, string id)
    {
        SweepInfo sweep = await service.Sweeps.ShowAsync(id, None);
        return sweep.State is SweepState.Stopped or SweepState.Failed
            ? await service.Sweeps.ResumeAsync(id, None)
            : sweep;
    }

    private static Task<RunInfo> EndAsync(InProcessService service, string id) =>
        LawRun.UntilAsync(() => service.Runs.ShowAsync(id, None), run => !run.State.IsInProgress());

    private Task<InProcessService> OpenAsync() => InProcessService.OpenAsync(new InProcessOptions
    {
        RunsFolder = _folder["runs"],
        Engine = () => new ManagedEngine(),
        StopGrace = TimeSpan.FromMilliseconds(100),
        BeforeNode = (_, step, _) =>
        {
            if (step != 60) return;
            _isStuck.Set();
            _answers.Wait();
        },
    });

    private bool IsFree(string id)
    {
        try
        {
            using var claim = new Training.Runs.RunLock(new Training.Runs.RunFolder(_folder["runs", id]));
            return true;
        }
        catch (Core.BadInputException)
        {
            return false;
        }
    }
}
