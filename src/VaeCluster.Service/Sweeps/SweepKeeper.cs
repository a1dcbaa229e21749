using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// The driver of a sweep, from taking a generation to writing its final state. Two may exist for a while: only the one with the newer
/// generation can write anything.
/// </summary>
public sealed class SweepKeeper : ISweepObserver, IDriver
{
    private const int MostNotes = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SweepFolder _folder;
    private readonly SweepKeeperOptions _options;
    private readonly ISweepTrials _trials;
    private readonly OwnState _state;
    private readonly Queue<string> _notes = [];
    private volatile SweepDriver? _driver;
    private volatile bool _yields, _stops, _isGivenUp;
    private int _isWatched;

    /// <summary>Creates a driver without starting it.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="options">Store, folders and trials.</param>
    /// <exception cref="RunRefusedException">The sweep is unknown.</exception>
    public SweepKeeper(string id, SweepKeeperOptions options)
    {
        Id = id;
        _folder = options.Catalog.Find(id);
        _options = options;
        _state = new OwnState(options.Store, id, options.Log);
        _trials = options.Trials(id);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public Task Begun => _begun.Task;

    /// <inheritdoc/>
    public Task Ended => _ended.Task;

    /// <summary>The current summary of the sweep; null before it begins and after it has ended.</summary>
    public SweepSummary? Summary => _driver?.Summary();

    /// <inheritdoc/>
    /// <remarks>Runs on a separate thread, since taking a generation may block.</remarks>
    public void Start() => Task.Run(async () =>
    {
        await KeepAsync();
        _begun.TrySetResult();
        _ended.TrySetResult();
    });

    /// <inheritdoc/>
    public void Stop()
    {
        _stops = true;
        _stop.Cancel();
        Watch();
    }

    /// <inheritdoc/>
    /// <remarks>Trials that are runs of the service continue.</remarks>
    public void Yield()
    {
        _yields = true;
        _trials.LeaveRuns();
        _stop.Cancel();
        Watch();
    }

    /// <summary>Changes the sweep; false before it begins and after it has ended.</summary>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <exception cref="BadInputException">See <see cref="SweepDriver.Change"/>.</exception>
    public bool TryChange(IReadOnlyList<string> overrides)
    {
        if (_driver is not { } driver) return false;
        driver.Change(overrides);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    void ISweepObserver.OnBegun(Trial trial, TrialRecord record)
    {
        // Already in sweep.jsonl, like everything that happens to trials.
    }

    void ISweepObserver.OnMeasured(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnEnded(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnNotice(string message)
    {
        lock (_notes)
        {
            _notes.Enqueue(RunMessages.OneLine(message));
            if (_notes.Count > MostNotes) _notes.Dequeue();
        }
    }

    private void Watch()
    {
        if (Interlocked.Exchange(ref _isWatched, 1) == 0) _ = WatchAsync();
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
            string note = FormattableString.Invariant(
                $"did not stop within {_options.StopGrace.TotalSeconds:0.#} s and was given up; its trials continue from their last checkpoints");
            _options.Log?.Invoke($"{Id} {note}");
            if (_stops) await StoreAsync(sweep => sweep with { State = sweep.State.AtRest(), Notes = [.. Notes(), $"the sweep {note}"] });
            _ended.TrySetResult();
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            Action? demand = _options.TakeCharge(Id);
            StoredRun? begun = await _state.ChangeAsync(sweep => sweep.State == RunState.Queued
                ? sweep with { State = RunState.Running }
                : sweep);
            _begun.TrySetResult();
            if (begun?.State.IsInProgress() != true) return;
            if (begun.State.IsEnding()) Stop();
            SweepSummary summary = await DriveAsync(demand is null ? null : () => Demand(demand));
            if (summary.Status == "stopped" && _yields && !_stops) return;
            if (_isGivenUp) return;
            demand?.Invoke();

            // Stop other runs of the sweep too: those of a driver that died before it could, or that were left while the store could not be
            // reached.
            if (summary.Status == "stopped") await _trials.StopRunsAsync();
            string? error = summary.Status == "failed"
                ? summary.Trials.Select(trial => trial.Error).FirstOrDefault(text => text is not null)
                : null;
            await _state.ChangeAsync(sweep => sweep with
            {
                State = summary.Status switch
                {
                    "finished" => RunState.Finished,
                    "failed" => RunState.Failed,
                    _ => sweep.State.AtRest(),
                },
                Error = error,
                Notes = Notes(),
            });
            _options.Log?.Invoke($"{Id} is {summary.Status}");
        }
        catch (StaleGenerationException)
        {
            _options.Log?.Invoke($"{Id}: another silo now drives this sweep");
        }
        catch (BadInputException fault)
        {
            await FailAsync(fault.In("sweep.yaml").Message);
        }
        catch (Exception fault) when (_options.IsAlone)
        {
            await FailAsync(RunMessages.OneLine(fault.Message));
        }
        catch (Exception fault)
        {
            // The store or the folder cannot be reached; the next call starts again from what is on disk.
            _options.Log?.Invoke($"{Id}: {fault.GetType().Name}: {VisibleText.Line(fault.Message)}");
        }
    }

    // Leave the runs before any trial is cancelled: they now belong to the newer driver.
    private void Demand(Action demand)
    {
        try
        {
            demand();
        }
        catch
        {
            _trials.LeaveRuns();
            throw;
        }
    }

    private async Task<SweepSummary> DriveAsync(Action? demand)
    {
        using SweepJournal journal = SweepJournal.Open(_folder.Path, _options.Time, demand);
        var driver = new SweepDriver(journal, _trials, new SweepDriverOptions
        {
            Observer = this,
            Time = _options.Time,
            Finishing = _options.Finishing,
        });
        _driver = driver;
        try
        {
            return await driver.RunAsync(_stop.Token);
        }
        finally
        {
            _driver = null;
        }
    }

    private Task FailAsync(string error)
    {
        _options.Log?.Invoke($"{Id} failed: {error}");
        return _isGivenUp
            ? Task.CompletedTask
            : StoreAsync(sweep => sweep with { State = RunState.Failed, Error = error, Notes = Notes() });
    }

    private async Task StoreAsync(Func<StoredRun, StoredRun> change)
    {
        try
        {
            await _state.ChangeAsync(change);
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            _options.Log?.Invoke($"{Id}: {VisibleText.Line(away.Message)}");
        }
    }

    private string[] Notes()
    {
        lock (_notes) return [.. _notes];
    }
}
