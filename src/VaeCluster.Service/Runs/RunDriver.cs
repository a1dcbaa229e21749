using VaeCluster.Core;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Service.Runs;

/// <summary>
/// Drives one run: a dedicated thread trains it on the host's execution and writes the outcome to the store. A driver that finds a newer
/// generation stops without changing anything. A driver that does not stop in time is given up: its generation ends, so that it can write
/// nothing more, and the run is stopped, or left to the next host.
/// </summary>
public sealed class RunDriver : IDriver, IRunObserver
{
    private const int MostNotes = 10;

    private readonly Lock _lock = new();
    private readonly RunDriverOptions _options;
    private readonly RunFolder _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OwnState _state;
    private Task _saved = Task.CompletedTask;
    private volatile bool _yields, _stops, _isGivenUp;
    private bool _isWatched, _isDriving, _isDisposed;
    private volatile int _step;

    /// <summary>Creates a driver without starting it.</summary>
    /// <param name="id">The run.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="execution">Executes the run; disposed of with the driver.</param>
    /// <param name="options">Store, log and clock.</param>
    public RunDriver(string id, RunFolder folder, IRunExecution execution, RunDriverOptions options)
    {
        Id = id;
        _folder = folder;
        Execution = execution;
        _options = options;
        _state = new OwnState(options.Store, id, options.Log);
        _step = RunCatalog.LastStep(folder);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public Task Begun => _begun.Task;

    /// <inheritdoc/>
    public Task Ended => _ended.Task;

    /// <summary>The last completed step.</summary>
    public int Step => _step;

    /// <summary>Executes the run.</summary>
    public IRunExecution Execution { get; }

    /// <inheritdoc/>
    public void Start()
    {
        lock (_lock) _isDriving = true;
        new Thread(Drive) { IsBackground = true, Name = Id }.Start();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _stops = true;
        _stop.Cancel();
        Watch();
    }

    /// <inheritdoc/>
    public void Yield()
    {
        _yields = true;
        _stop.Cancel();
        Watch();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            // A driver that was given up still uses them.
            _isDisposed = true;
            if (_isDriving) return;
        }

        Release();
    }

    void IRunObserver.OnStarted(RunStart start)
    {
        _step = start.FirstStep - 1;
        Change(record => record with
        {
            Beginning = new RunBeginning(start.FirstStep, start.StepsPerEpoch, start.TotalSteps, start.Parameters, start.Threads,
                start.Engine),
        });
    }

    void IRunObserver.OnStep(in StepRecord record) => _step = record.Step;

    void IRunObserver.OnEpoch(EpochRecord record)
    {
        // Already in metrics.jsonl, like all measurements.
    }

    void IRunObserver.OnEvaluation(EvaluationRecord record)
    {
        // As above.
    }

    void IRunObserver.OnCheckpoint(int step)
    {
        // Already on disk; observers need not know.
    }

    void IRunObserver.OnNotice(string message) => Note(message);

    private void Drive()
    {
        try
        {
            StoredRun? run = Persist(BeginAsync);
            _begun.TrySetResult();
            if (run is null) return;
            if (run.State.IsEnding()) Stop();
            StoredRun? outcome = Train(run);
            Saved().GetAwaiter().GetResult();
            if (outcome is not null && !_isGivenUp) Persist(() => SettleAsync(outcome.State, outcome.Error, null));
        }
        catch (StaleGenerationException fault)
        {
            _options.Log?.Invoke($"{Id}: {fault.Message}");
        }
        catch (Exception fault)
        {
            _options.Log?.Invoke($"{Id}: its state could not be stored: {VisibleText.Line(fault.Message)}");
        }
        finally
        {
            _begun.TrySetResult();
            bool isLast;
            lock (_lock)
            {
                _isDriving = false;
                isLast = _isDisposed;
            }

            _ended.TrySetResult();
            if (isLast) Release();
        }
    }

    private void Release()
    {
        Execution.Dispose();
        _stop.Dispose();
    }

    private void Watch()
    {
        lock (_lock)
        {
            if (_isWatched) return;
            _isWatched = true;
        }

        _ = WatchAsync();
    }

    private async Task WatchAsync()
    {
        try
        {
            await _ended.Task.WaitAsync(_options.StopGrace, _options.Time);
        }
        catch (TimeoutException)
        {
            _isGivenUp = true;
            await Task.Run(GiveUp);
            _ended.TrySetResult();
        }
    }

    private void GiveUp()
    {
        string note = FormattableString.Invariant(
            $"did not stop within {_options.StopGrace.TotalSeconds:0.#} s after step {_step} and was given up; it continues from its last checkpoint");
        _options.Log?.Invoke($"{Id} {note}");
        if (!_stops) return; // the next host takes a generation of its own
        try
        {
            _options.Store.Generations(Id).Take(0);
            Persist(() => SettleAsync(RunState.Stopped, null, $"the run {note}"));
        }
        catch (Exception fault)
        {
            _options.Log?.Invoke($"{Id}: its state could not be stored: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Null if it is no longer to be trained.
    private async Task<StoredRun?> BeginAsync()
    {
        StoredRun? begun = await _state.ChangeAsync(stored => stored.State == RunState.Queued
            ? stored with { State = RunState.Running }
            : stored);
        return begun?.State.IsInProgress() == true ? begun : null;
    }

    // The store knows whether it was told to pause or to stop.
    private Task<StoredRun?> SettleAsync(RunState outcome, string? error, string? note) => _state.ChangeAsync(stored => stored with
    {
        State = outcome == RunState.Stopped && stored.State.IsEnding() ? stored.State.AtRest() : outcome,
        Error = error,
        Notes = note is null ? stored.Notes : [.. stored.Notes.TakeLast(MostNotes - 1), note],
    });

    // The outcome; null if another driver will continue the run.
    private StoredRun? Train(StoredRun run)
    {
        try
        {
            TrainingOptions training = Execution.Prepare(run, _folder, Note) with { Observer = this, Time = _options.Time };
            RunResult result = TrainingRun.PrepareResume(_folder.Path, training).Execute(_stop.Token);
            _options.Log?.Invoke($"{Id} finished after {result.Steps} steps");
            return run with { State = RunState.Finished };
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            bool isLeft = _yields && !_stops;
            _options.Log?.Invoke(isLeft
                ? $"{Id} is handed over after step {_step}; the next host continues it"
                : $"{Id} stopped at step {_step}");
            return isLeft ? null : run with { State = RunState.Stopped };
        }
        catch (StaleGenerationException)
        {
            throw;
        }
        catch (Exception fault)
        {
            string error = RunMessages.OneLine((fault is BadInputException bad ? bad.In("run.yaml") : fault).Message);
            _options.Log?.Invoke($"{Id} failed: {error}");
            return run with { State = RunState.Failed, Error = error };
        }
    }

    private void Note(string text)
    {
        string message = RunMessages.OneLine(text);
        _options.Log?.Invoke($"{Id}: {message}");
        Change(record => record with { Notes = [.. record.Notes.TakeLast(MostNotes - 1), message] });
    }

    // Notes and beginnings are stored in the background, in order, so that training never waits for the store.
    private void Change(Func<StoredRun, StoredRun> change)
    {
        if (_isGivenUp) return;
        lock (_lock) _saved = SaveAsync(_saved, change);
    }

    private Task Saved()
    {
        lock (_lock) return _saved;
    }

    private async Task SaveAsync(Task before, Func<StoredRun, StoredRun> change)
    {
        try
        {
            await before;
            await _state.ChangeAsync(change);
        }
        catch (Exception fault)
        {
            _options.Log?.Invoke($"{Id}: a notice could not be stored: {VisibleText.Line(fault.Message)}");
        }
    }

    // The state of a run must be stored, so retry while the store cannot be reached.
    private StoredRun? Persist(Func<Task<StoredRun?>> change)
    {
        long started = _options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return change().GetAwaiter().GetResult();
            }
            catch (Exception) when (!_yields && _options.Time.GetElapsedTime(started) < _options.StoreRetryTime)
            {
                Task.Delay(TimeSpan.FromSeconds(1), _options.Time).GetAwaiter().GetResult();
            }
        }
    }
}
