using VaeCluster.Core;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Instruments;

namespace VaeCluster.Sweeps.Running;

/// <summary>
/// Runs a sweep to its end from the state in its journal: starts trials in order of their index, a limited number in parallel, applies the
/// stopping rule, retries failed trials, and logs every trial that ends. Where trials are trained is up to the <see cref="ITrialRunner"/>.
/// </summary>
public sealed class SweepDriver
{
    private readonly Lock _lock = new();
    private readonly SweepJournal _journal;
    private readonly ITrialRunner _runner;
    private readonly SweepDriverOptions _options;
    private readonly TrialStates _states;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates the driver of one sweep.</summary>
    /// <param name="journal">The sweep's journal; not disposed.</param>
    /// <param name="runner">Trains the trials.</param>
    /// <param name="options">Options.</param>
    public SweepDriver(SweepJournal journal, ITrialRunner runner, SweepDriverOptions options)
    {
        _journal = journal;
        _runner = runner;
        _options = options;
        _states = new TrialStates(journal);
    }

    /// <summary>The largest index of a trial that has started, plus 1.</summary>
    /// <param name="journal">The sweep.</param>
    public static int BegunIn(SweepJournal journal) =>
        journal.Log.Where(line => line.Kind == LogLine.Begin).Select(line => line.Trial!.Value)
            .Concat(journal.Ended.Select(record => record.Index)).DefaultIfEmpty(-1).Max() + 1;

    /// <summary>A summary of the sweep's current state.</summary>
    public SweepSummary Summary()
    {
        lock (_lock) return _states.Summary("running");
    }

    /// <summary>Changes the sweep while it runs, for example to more trials or more in parallel.</summary>
    /// <param name="overrides">Overrides such as <c>parallel=4</c>.</param>
    /// <exception cref="BadInputException">See <see cref="SweepChange.Apply"/>.</exception>
    public void Change(IReadOnlyList<string> overrides)
    {
        lock (_lock)
        {
            SweepSpec changed = SweepChange.Apply(_journal.Spec, overrides, _states.Begun);
            _journal.Change(changed, overrides);
            _states.Replan();
            _changed.TrySetResult();
        }
    }

    /// <summary>Runs the sweep to its end.</summary>
    /// <param name="stop">Stops every trial after its current step, with a checkpoint, and starts no other.</param>
    /// <returns>The summary at the end, or when stopped.</returns>
    public async Task<SweepSummary> RunAsync(CancellationToken stop)
    {
        var running = new Dictionary<int, Task>();

        // An error of the sweep itself, for example if the journal cannot be written, cancels all trials.
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        foreach (string note in _journal.Notes) _options.Observer?.OnNotice(note);
        Write("running");
        try
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_changed.Task.IsCompleted) _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    changed = _changed.Task;
                    while (!all.IsCancellationRequested && running.Count < _journal.Spec.Parallel
                        && _states.Next(running.ContainsKey) is { } trial)
                        running.Add(trial.Index, TrainAsync(trial, all.Token));
                }

                if (running.Count == 0) break;
                await Task.WhenAny([.. running.Values, changed]);
                foreach ((int index, Task trial) in running.Where(entry => entry.Value.IsCompleted).ToArray())
                {
                    running.Remove(index);
                    await trial;
                }

                await CompareAsync(all.Token);
                Write("running");
            }

            if (!stop.IsCancellationRequested) await CompareAsync(stop);
        }
        catch
        {
            await all.CancelAsync();
            await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return Finish();
    }

    // Scores that compare the trials of a setting are computed before settings are suggested from them.
    private async Task CompareAsync(CancellationToken stop)
    {
        ScoreKind[] scores = [.. SweepStart.Scores(_journal.Spec).Where(score => score.NeedsSeveralRuns)];
        if (scores.Length == 0 || stop.IsCancellationRequested) return;
        IReadOnlyList<(int Setting, TrialRecord[] Trials)> settings;
        lock (_lock) settings = _states.NotCompared();
        foreach ((int setting, TrialRecord[] trials) in settings)
        {
            string[] folders = [.. trials.Select(trial => _journal.Folder.TrialPath(trial.Folder))];
            IReadOnlyList<IReadOnlyDictionary<string, double>> found;
            try
            {
                found = await Task.Run(() => _runner.Compare(folders, scores, stop), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return; // done when the sweep resumes
            }
            catch (BadInputException fault)
            {
                // For example collapsed encoders: record NaN, so that the setting is not compared again.
                _options.Observer?.OnNotice(FormattableString.Invariant($"trials of setting {setting}: {fault.Message}"));
                found = [.. folders.Select(_ => scores.ToDictionary(score => score.Name, _ => double.NaN))];
            }

            lock (_lock)
            {
                var line = new LogLine
                {
                    Kind = LogLine.Ranking,
                    Setting = setting,
                    Rankings = trials.Zip(found).ToDictionary(pair => pair.First.Index, pair => pair.Second),
                };
                _journal.Add(line);
                _states.Rank(line);
            }
        }
    }

    private SweepSummary Finish()
    {
        SweepSummary summary;
        lock (_lock)
        {
            bool done = _states.IsDone;
            summary = _states.Summary(!done ? "stopped" : _states.AnyGood ? "finished" : "failed");
            _journal.Write(summary);
            if (!done) return summary;
            _journal.Add(new LogLine { Kind = LogLine.Finish, Status = summary.Status });
        }

        try
        {
            _options.Finishing?.Invoke(_journal.Folder);
        }
        catch (Exception fault) when (fault is BadInputException or IOException or UnauthorizedAccessException)
        {
            // The trials are complete anyway, and `report` can write the report later.
            _options.Observer?.OnNotice($"no report: {VisibleText.Line(fault.Message)}");
        }

        return summary;
    }

    private void Write(string status)
    {
        lock (_lock) _journal.Write(_states.Summary(status));
    }

    private async Task TrainAsync(Trial trial, CancellationToken stop)
    {
        await Task.Yield(); // the caller holds the lock
        TrainingInstruments.TrialsIn("running", 1);
        try
        {
            await TrainToEndAsync(trial, stop);
        }
        finally
        {
            TrainingInstruments.TrialsIn("running", -1);
        }
    }

    private async Task TrainToEndAsync(Trial trial, CancellationToken stop)
    {
        while (true)
        {
            Exception? fault = null;
            TrialEnd? end = null;
            try
            {
                end = await _runner.RunAsync(WorkOf(trial), new Watch(this, trial), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                lock (_lock) _states.SetStatus(trial.Index, TrialStatus.Waiting);
                return;
            }
            catch (Exception caught) when (caught is not (StaleGenerationException or OperationCanceledException))
            {
                fault = caught;
            }

            // Outside the try block: if the journal cannot be written, the sweep fails, not the trial.
            if (fault is null)
            {
                End(_states.RecordOf(trial, end!));
                return;
            }

            string error = VisibleText.Line(fault.Message);
            if (Fail(trial, error, isFinal: fault is FinalFailureException or BadInputException) is not { } pause) return;
            try
            {
                await Task.Delay(pause, _options.Time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private TrialWork WorkOf(Trial trial)
    {
        lock (_lock)
        {
            SweepSpec spec = _journal.Spec;
            return new TrialWork
            {
                Trial = trial,
                Run = trial.RunSpec(spec),
                Folder = _journal.Folder.TrialPath(SweepFolder.Relative(trial)),
                Parallel = spec.Parallel,
                Scores = [.. SweepStart.Scores(spec).Where(score => !score.NeedsSeveralRuns)],
                StopStep = _states.StopStep(trial.Index),
            };
        }
    }

    // Records a failure. Returns the delay before the retry; null if the trial is not retried.
    private TimeSpan? Fail(Trial trial, string error, bool isFinal)
    {
        lock (_lock)
        {
            _journal.Add(new LogLine { Kind = LogLine.Failure, Trial = trial.Index, Error = error });
            int failures = _states.CountFailure(trial.Index, error);
            if (!isFinal && failures <= _journal.Spec.MaxFailures)
            {
                _states.SetStatus(trial.Index, TrialStatus.Waiting);
                _options.Observer?.OnNotice(
                    FormattableString.Invariant($"trial {trial.Index} failed and will resume from its checkpoint: {error}"));
                TimeSpan pause = _options.FirstPause * Math.Pow(2, Math.Min(failures - 1, 30));
                return pause < _options.LongestPause ? pause : _options.LongestPause;
            }
        }

        End(_states.FailedRecordOf(trial));
        return null;
    }

    private void End(TrialRecord record)
    {
        lock (_lock)
        {
            _journal.End(record);
            _states.End(record);
            _options.Observer?.OnEnded(record);
        }

        TrainingInstruments.TrialsIn(record.Status switch
        {
            TrialStatus.Finished => "finished",
            TrialStatus.StoppedEarly => "stopped",
            _ => "failed",
        }, 1);
    }

    /// <summary>Receives the progress of one trial.</summary>
    private sealed class Watch(SweepDriver driver, Trial trial) : ITrialWatch
    {
        public void OnBegun(int firstStep, int totalSteps)
        {
            lock (driver._lock)
            {
                driver._journal.Add(new LogLine
                {
                    Kind = LogLine.Begin,
                    Trial = trial.Index,
                    Parameters = trial.Parameters,
                    Seed = trial.Seed,
                    Step = firstStep - 1,
                    TotalSteps = totalSteps,
                });
                TrialRecord record = driver._states.Begin(trial, firstStep - 1, totalSteps);
                driver._options.Observer?.OnBegun(trial, record);
            }
        }

        public void OnStep(int step) => driver._states.SetStep(trial.Index, step);

        public bool OnMeasured(int epoch, int step, IReadOnlyDictionary<string, double> scores)
        {
            lock (driver._lock)
            {
                // Evaluated before a crash and again after it: the scores are the same, and the logged decision applies.
                if (driver._states.FindMeasurement(trial.Index, epoch) is { } known) return known.Stop is null;
                string? reason = driver._states.WhyStop(trial.Index, epoch, step, scores);
                var line =
                    new LogLine { Kind = LogLine.Score, Trial = trial.Index, Epoch = epoch, Step = step, Scores = scores, Stop = reason };
                driver._journal.Add(line);
                TrialRecord record = driver._states.Measure(line);
                driver._options.Observer?.OnMeasured(record);
                return reason is null;
            }
        }

        public void OnNotice(string message) =>
            driver._options.Observer?.OnNotice(FormattableString.Invariant($"trial {trial.Index}: {message}"));
    }
}
