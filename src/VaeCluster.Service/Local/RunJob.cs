using VaeCluster.Core;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Service.Local;

/// <summary>A run from the moment it is queued until it is no longer in progress.</summary>
internal sealed class RunJob : IRunObserver, IDisposable
{
    private const int MostNotes = 10;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalRunOptions _options;
    private RunRecord _record;
    private volatile int _step;

    /// <summary>A queued run.</summary>
    /// <param name="folder">The run folder, with its run file.</param>
    /// <param name="record">What is remembered of it.</param>
    /// <param name="options">How runs are executed.</param>
    internal RunJob(RunFolder folder, RunRecord record, LocalRunOptions options)
    {
        Folder = folder;
        _options = options;
        _step = RunCatalog.LastStep(folder);
        _record = record with { State = RunState.Queued, Error = null, Notes = [] };
        _record.Save(folder.Path);
    }

    /// <summary>The run folder.</summary>
    internal RunFolder Folder { get; }

    /// <summary>Its weights while it trains.</summary>
    internal LiveWeights Live { get; } = new();

    /// <summary>The phases of its last steps.</summary>
    internal PhaseTimeline Timeline { get; } = new();

    /// <summary>The run's id.</summary>
    internal string Id => Path.GetFileName(Folder.Path);

    /// <summary>Completes when the run is no longer in progress and its state is on disk.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>The last step that is done.</summary>
    internal int Step => _step;

    /// <summary>What is known of it now.</summary>
    internal RunRecord Record
    {
        get
        {
            lock (_lock) return _record;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>Asks a running run to stop. It does so after the step in progress.</summary>
    /// <param name="word">Stopping, or pausing; the last word counts.</param>
    internal void Stop(RunState word = RunState.Stopping)
    {
        lock (_lock)
        {
            if (_record.State != RunState.Running && !_record.State.IsEnding()) return;
            _record = _record with { State = word };
        }

        _stop.Cancel();
    }

    /// <summary>Ends a run that was never begun.</summary>
    /// <param name="state">The state that it is left in: still queued where the server goes.</param>
    internal void Leave(RunState state) => Update(record => record with { State = state });

    /// <summary>The state changes from queued to running.</summary>
    internal void Begin() => Update(record => record with { State = RunState.Running });

    /// <summary>Trains to the end. Faults become the run's state, and never the caller's.</summary>
    internal void Execute()
    {
        RunRecord outcome;
        try
        {
            RunResult result = TrainingRun.PrepareResume(Folder.Path, Options()).Execute(_stop.Token);
            outcome = Record with { State = RunState.Finished };
            _options.Log?.Invoke($"{Id} finished after {result.Steps} steps");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            outcome = Record;
            outcome = outcome with { State = outcome.State.AtRest() };
            _options.Log?.Invoke($"{Id} {outcome.State.Word()} at step {_step}");
        }
        catch (Exception fault)
        {
            string error = (fault is BadInputException bad ? bad.In("run.yaml") : fault).Message.ReplaceLineEndings(" ");
            outcome = Record with { State = RunState.Failed, Error = error };
            _options.Log?.Invoke($"{Id} failed: {error}");
        }

        Update(_ => outcome);
    }

    /// <summary>Tells those who wait that the run is no longer in progress.</summary>
    internal void SayEnded() => _ended.SetResult();

    void IRunObserver.OnStarted(RunStart start)
    {
        _step = start.FirstStep - 1;
        Update(record => record with
        {
            Beginning = new RunBeginning(start.FirstStep, start.StepsPerEpoch, start.TotalSteps, start.Parameters, start.Threads, start.Engine),
        });
    }

    void IRunObserver.OnStep(in StepRecord record) => _step = record.Step;

    void IRunObserver.OnEpoch(EpochRecord record)
    {
        // In metrics.jsonl, like everything that is measured.
    }

    void IRunObserver.OnEvaluation(EvaluationRecord record)
    {
        // As above.
    }

    void IRunObserver.OnCheckpoint(int step)
    {
        // On disk; it changes nothing for those who watch.
    }

    void IRunObserver.OnNotice(string message) => Update(record => record with { Notes = [.. record.Notes.TakeLast(MostNotes - 1), message] });

    private TrainingOptions Options()
    {
        TrainingOptions options = JudgedTraining.Options(_options.Engine);
        int shards = RunCatalog.ReadSpec(Folder).Training.Shards;
        return options with
        {
            Workers = Record.Workers,
            Threads = Math.Max(1, Math.Min(Environment.ProcessorCount / _options.Parallel, shards)),
            Observer = this,
            Time = _options.Time,
            Live = Live,
            Timeline = Timeline,
            BeforeNode = _options.BeforeNode,
        };
    }

    private void Update(Func<RunRecord, RunRecord> change)
    {
        lock (_lock)
        {
            RunRecord next = change(_record);

            // Whoever asked a run to stop must not see it running again.
            if (_record.State.IsEnding() && next.State == RunState.Running) next = next with { State = _record.State };
            _record = next;
            try
            {
                _record.Save(Folder.Path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A full disk must not end the thread that reports it; the run's own files still say where it stands.
                _options.Log?.Invoke($"{Id}: {fault.Message.ReplaceLineEndings(" ")}");
            }
        }
    }
}
