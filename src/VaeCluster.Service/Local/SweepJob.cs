using VaeCluster.Core;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Local;

/// <summary>A sweep from the moment it is queued until it is no longer in progress.</summary>
internal sealed class SweepJob : ISweepObserver, IDisposable
{
    private const int MostNotes = 10;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalSweepOptions _options;
    private readonly ITrialRunner _runner;
    private SweepState _whenStopped = SweepState.Stopped;
    private SweepDriver? _driver;
    private SweepRecord _record;

    /// <summary>A queued sweep.</summary>
    /// <param name="folder">The sweep's folder, with its sweep file.</param>
    /// <param name="record">What is remembered of it.</param>
    /// <param name="runner">What trains its trials.</param>
    /// <param name="options">How sweeps are executed.</param>
    internal SweepJob(SweepFolder folder, SweepRecord record, ITrialRunner runner, LocalSweepOptions options)
    {
        Folder = folder;
        _runner = runner;
        _options = options;
        _record = record with { State = SweepState.Queued, Error = null, Notes = [] };
        _record.Save(folder.Path);
    }

    /// <summary>The sweep's folder.</summary>
    internal SweepFolder Folder { get; }

    /// <summary>The sweep's id.</summary>
    internal string Id => Path.GetFileName(Folder.Path);

    /// <summary>Completes when the sweep is no longer in progress and its state is on disk.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>What is known of it now.</summary>
    internal SweepRecord Record
    {
        get
        {
            lock (_lock) return _record;
        }
    }

    /// <summary>The sweep as its driver has it; null: it has none yet.</summary>
    internal SweepSummary? Summary => Volatile.Read(ref _driver)?.Summary();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>Asks a running sweep to stop: its trials do so after their steps in progress.</summary>
    /// <param name="state">The state that it is in then: paused or stopped.</param>
    internal void Stop(SweepState state)
    {
        lock (_lock)
        {
            _whenStopped = state;
            if (_record.State != SweepState.Running) return;
            _record = _record with { State = SweepState.Stopping };
        }

        _stop.Cancel();
    }

    /// <summary>Ends a sweep that was never begun.</summary>
    /// <param name="state">The state that it is left in: still queued where the server goes.</param>
    internal void Leave(SweepState state) => Update(record => record with { State = state });

    /// <summary>The state changes from queued to running.</summary>
    internal void Begin() => Update(record => record with { State = SweepState.Running });

    /// <summary>Changes the sweep; false: it has no driver that could.</summary>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    internal bool TryChange(IReadOnlyList<string> overrides)
    {
        if (Volatile.Read(ref _driver) is not { } driver) return false;
        driver.Change(overrides);
        return true;
    }

    /// <summary>Drives the sweep to its end. Faults become its state, and never the caller's.</summary>
    internal async Task ExecuteAsync()
    {
        SweepRecord outcome;
        try
        {
            using SweepJournal journal = SweepJournal.Open(Folder.Path, _options.Time);
            var driver = new SweepDriver(journal, _runner, new SweepDriverOptions
            {
                Observer = this,
                Time = _options.Time,
                Finishing = finished =>
                {
                    using IEngine engine = _options.Engine();
                    SweepReportWriter.Write(finished, engine);
                },
            });
            Volatile.Write(ref _driver, driver);
            SweepSummary summary = await driver.RunAsync(_stop.Token);
            Volatile.Write(ref _driver, null);
            outcome = Record with
            {
                State = summary.Status switch
                {
                    "finished" => SweepState.Finished,
                    "failed" => SweepState.Failed,
                    _ => _whenStopped,
                },
                Error = summary.Status == "failed" ? summary.Trials.Select(trial => trial.Error).FirstOrDefault(error => error is not null) : null,
            };
        }
        catch (Exception fault)
        {
            Volatile.Write(ref _driver, null);
            outcome = Record with { State = SweepState.Failed, Error = (fault is BadInputException bad ? bad.In("sweep.yaml") : fault).Message.ReplaceLineEndings(" ") };
        }

        Update(_ => outcome);
        _options.Log?.Invoke($"{Id} is {outcome.State.ToString().ToLowerInvariant()}{(outcome.Error is null ? string.Empty : $": {outcome.Error}")}");
    }

    /// <summary>Tells those who wait that the sweep is no longer in progress.</summary>
    internal void SayEnded() => _ended.SetResult();

    void ISweepObserver.OnBegun(Trial trial, TrialRecord record)
    {
        // In sweep.jsonl, like everything that happens to trials.
    }

    void ISweepObserver.OnMeasured(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnEnded(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnNotice(string message) => Update(record => record with { Notes = [.. record.Notes.TakeLast(MostNotes - 1), message] });

    private void Update(Func<SweepRecord, SweepRecord> change)
    {
        lock (_lock)
        {
            SweepRecord next = change(_record);

            // Whoever asked a sweep to stop must not see it running again.
            if (_record.State == SweepState.Stopping && next.State == SweepState.Running) next = next with { State = SweepState.Stopping };
            _record = next;
            try
            {
                _record.Save(Folder.Path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A full disk must not end what reports it; the sweep's own files still say where it stands.
                _options.Log?.Invoke($"{Id}: {fault.Message.ReplaceLineEndings(" ")}");
            }
        }
    }
}
