using VaeCluster.Core;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Service.Runs;

/// <summary>
/// Drives one run: a dedicated thread trains it on the host's execution and writes the outcome to the store. A driver that finds a newer
/// generation stops without changing anything.
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
    private Task _saved = Task.CompletedTask;
    private volatile bool _yields, _stops;
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
    public void Start() => new Thread(Drive) { IsBackground = true, Name = Id }.Start();

    /// <inheritdoc/>
    public void Stop()
    {
        _stops = true;
        _stop.Cancel();
    }

    /// <inheritdoc/>
    public void Yield()
    {
        _yields = true;
        _stop.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Execution.Dispose();
        _stop.Dispose();
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
            if (outcome is not null) Persist(() => SettleAsync(outcome));
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
            _ended.TrySetResult();
        }
    }

    // Null if it is no longer to be trained.
    private async Task<StoredRun?> BeginAsync()
    {
        while (true)
        {
            StoredRun? stored = await _options.Store.FindAsync(Id, CancellationToken.None);
            if (stored is null || !stored.State.IsInProgress()) return null;
            if (stored.State != RunState.Queued) return stored;
            if (await _options.Store.ChangeAsync(stored with { State = RunState.Running }, CancellationToken.None) is { } begun)
                return begun;
        }
    }

    // The store knows whether it was told to pause or to stop.
    private async Task<StoredRun?> SettleAsync(StoredRun outcome)
    {
        while (true)
        {
            StoredRun? stored = await _options.Store.FindAsync(Id, CancellationToken.None);
            if (stored is null) return null;
            RunState end = outcome.State == RunState.Stopped && stored.State.IsEnding() ? stored.State.AtRest() : outcome.State;
            if (await _options.Store.ChangeAsync(stored with { State = end, Error = outcome.Error }, CancellationToken.None) is { } settled)
                return settled;
        }
    }

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
            string error = VisibleText.Line((fault is BadInputException bad ? bad.In("run.yaml") : fault).Message);
            _options.Log?.Invoke($"{Id} failed: {error}");
            return run with { State = RunState.Failed, Error = error };
        }
    }

    private void Note(string message)
    {
        _options.Log?.Invoke($"{Id}: {message}");
        Change(record => record with { Notes = [.. record.Notes.TakeLast(MostNotes - 1), VisibleText.Line(message)] });
    }

    // Notes and beginnings are stored in the background, in order, so that training never waits for the store.
    private void Change(Func<StoredRun, StoredRun> change)
    {
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
            while (await _options.Store.FindAsync(Id, CancellationToken.None) is { } stored)
            {
                if (await _options.Store.ChangeAsync(change(stored), CancellationToken.None) is not null) return;
            }
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
