using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Tests.Laws;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A service whose runs train nothing: they do steps, fail and end when the test says so. An epoch has five steps.</summary>
/// <param name="catalog">The runs' folders.</param>
internal sealed class ScriptedRuns(RunCatalog catalog) : IRunService
{
    internal const int StepsPerEpoch = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ScriptedRun> _runs = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when a run begins or is resumed; null to wait for the test.</summary>
    internal Action<ScriptedRun>? OnSession { get; init; }

    /// <summary>Called with the call's name at the start of each call and before each line; its exceptions reach the caller.</summary>
    internal Action<string>? OnCall { get; set; }

    /// <summary>Whether a run that is told to pause stays in its last step until <see cref="Rest"/>.</summary>
    internal bool PausesSlowly { get; set; }

    /// <summary>How often each kind of call was made.</summary>
    internal Dictionary<string, int> Calls { get; } = [];

    /// <summary>The runs by trial; throws if a trial has two.</summary>
    internal IReadOnlyDictionary<int, ScriptedRun> ByTrial()
    {
        lock (_lock) return _runs.Values.ToDictionary(run => run.Trial, run => run with { });
    }

    /// <summary>Does steps of a trial's run, the last of which finishes it.</summary>
    internal void Train(int trial, int steps = int.MaxValue) => Change(trial, run => Train(run, steps));

    /// <summary>See <see cref="Train(int, int)"/>; for <see cref="OnSession"/>.</summary>
    internal static void Train(ScriptedRun run, int steps = int.MaxValue)
    {
        run.Step += Math.Min(steps, run.TotalSteps - run.Step);
        if (run.Step == run.TotalSteps) run.State = RunState.Finished;
    }

    /// <summary>Ends the last step of a run that pauses.</summary>
    internal void Rest(int trial) => Change(trial, run => run.State = RunState.Paused);

    /// <summary>Lets a run fail.</summary>
    internal static void Fail(ScriptedRun run, string error) => (run.State, run.Error) = (RunState.Failed, error);

    /// <summary>Waits until a condition holds for the runs.</summary>
    internal async Task UntilAsync(Func<ScriptedRuns, bool> wanted)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (wanted(this)) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Longest);
        }
    }

    public Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Call("submit");
            if (catalog.WithKey(submission.Key) is { } known) return Task.FromResult(Describe(_runs[known]));
            RunSpec spec = RunFile.Parse(submission.RunFile, "run.yaml", catalog.Path, [], catalog.Path, RunVocabulary.All);
            TrainingRun prepared = TrainingRun.Prepare(
                spec, Path.Combine(catalog.Path, ".none"), force: false, TrainingSetup.Options(() => new ManagedEngine()));
            string id = catalog.Add(spec, prepared, submission.Key, SubmissionKeys.HashOf(submission), StoredRuns.Queued(string.Empty)).Id;
            var run = new ScriptedRun
            {
                Id = id,
                Trial = int.Parse(submission.Key!.Split('/')[^1], CultureInfo.InvariantCulture),
                TotalSteps = spec.Training.Epochs * StepsPerEpoch,
            };
            _runs.Add(id, run);
            return Task.FromResult(Begin(run));
        }
    }

    public Task<RunInfo> ShowAsync(string id, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Call("show");
            return Task.FromResult(Describe(Find(id)));
        }
    }

    public Task<RunInfo> PauseAsync(string id, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Call("pause");
            ScriptedRun run = Find(id);
            if (!run.State.IsInProgress()) throw RunRefusedException.Conflict(id, "not in progress");
            run.State = PausesSlowly ? RunState.Pausing : RunState.Paused;
            Changed();
            return Task.FromResult(Describe(run));
        }
    }

    public Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Call("resume");
            ScriptedRun run = Find(id);
            if (run.State.IsInProgress()) throw RunRefusedException.Conflict(id, "in progress");
            (run.State, run.Error) = (RunState.Running, null);
            run.Sessions++;
            return Task.FromResult(Begin(run));
        }
    }

    public async IAsyncEnumerable<MetricsLine> FollowAsync(string id, MetricsPosition after,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var lines = new List<MetricsLine>();
            bool last;
            Task changed;
            lock (_lock)
            {
                Call("follow");
                ScriptedRun run = Find(id);
                for (int step = 1; step <= run.Step; step++) lines.AddRange(LinesOf(step).Where(line => line.Position > after));
                last = !run.State.IsInProgress();
                changed = _changed.Task;
            }

            foreach (MetricsLine line in lines)
            {
                lock (_lock) Call("line");
                yield return line;
                after = line.Position;
            }

            if (last) yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    public Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeleteAsync(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation) => throw new NotSupportedException();

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

    private static IEnumerable<MetricsLine> LinesOf(int step)
    {
        int epoch = (step + StepsPerEpoch - 1) / StepsPerEpoch;
        yield return new MetricsLine(new MetricsPosition(step, 0), "step", Json($$"""{"kind":"step","step":{{step}},"epoch":{{epoch}}}"""));
        if (step % StepsPerEpoch > 0) yield break;
        yield return new MetricsLine(
            new MetricsPosition(step, 1), "evaluation",
            Json($$"""{"kind":"evaluation","split":"validation","step":{{step}},"epoch":{{epoch}},"reconstruction":{{100 - epoch}},"kl":1,"activeUnits":2}"""));
    }

    private static byte[] Json(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));

    private static RunInfo Describe(ScriptedRun run) => new()
    {
        Id = run.Id,
        Name = run.Id,
        State = run.State,
        Submitted = default,
        Workers = 1,
        Epochs = run.TotalSteps / StepsPerEpoch,
        Step = run.Step,
        Beginning = new RunBeginning(1, StepsPerEpoch, run.TotalSteps, 10, 1, "scripted"),
        Error = run.Error,
        Result = run.State != RunState.Finished ? null : new RunResult
        {
            Status = "finished",
            Steps = run.Step,
            Epochs = run.Step / StepsPerEpoch,
            WeightsSha256 = $"weights of trial {run.Trial}",
            Train = null,
            Test = new TestResult(-90, 89, 1, 2),
            Seconds = 1,
            SamplesPerSecond = 1,
            StepMilliseconds = new StepTimes(1, 1),
            Workers = 1,
            Threads = 1,
            Engine = "scripted",
        },
    };

    // Called under the lock. The session that begins gets no later events.
    private RunInfo Begin(ScriptedRun run)
    {
        RunInfo begun = Describe(run);
        OnSession?.Invoke(run);
        Changed();
        return begun;
    }

    private ScriptedRun Find(string id) => _runs.TryGetValue(id, out ScriptedRun? run) ? run : throw RunRefusedException.NoSuchRun(id);

    private void Change(int trial, Action<ScriptedRun> change)
    {
        lock (_lock)
        {
            change(_runs.Values.Single(run => run.Trial == trial));
            Changed();
        }
    }

    // Called under the lock.
    private void Call(string name)
    {
        Calls[name] = Calls.GetValueOrDefault(name) + 1;
        Changed();
        OnCall?.Invoke(name);
    }

    // Called under the lock.
    private void Changed()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
