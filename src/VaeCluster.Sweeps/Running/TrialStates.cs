using System.Collections.Concurrent;
using System.Text.Json;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Stopping;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>
/// The state of a sweep's trials, rebuilt from its journal and updated while the sweep runs. Not thread-safe
/// except for <see cref="SetStep"/>.
/// </summary>
internal sealed class TrialStates
{
    private readonly SweepJournal _journal;
    private readonly SortedDictionary<int, TrialRecord> _records = [];
    private readonly ConcurrentDictionary<int, int> _steps = [];
    private readonly Dictionary<int, IReadOnlyDictionary<string, JsonElement>> _settings = [];
    private readonly List<LogLine> _measurements = [];
    private readonly List<LogLine> _rankings = [];
    private TrialPlan _plan;
    private ComparableGroups _final;
    private ComparableGroups _measured;

    /// <summary>Rebuilds the state from a journal.</summary>
    internal TrialStates(SweepJournal journal)
    {
        _journal = journal;
        _plan = new TrialPlan(journal.Spec);
        (_final, _measured) = Groups(journal.Spec);
        foreach (LogLine line in journal.Log) Replay(line);
        var logged = journal.Log.Where(line => line.Kind == LogLine.End).Select(line => line.Trial).ToHashSet();
        foreach (TrialRecord record in journal.Ended)
        {
            _records[record.Index] = record;

            // The process was killed after writing trials.jsonl and before writing sweep.jsonl.
            if (!logged.Contains(record.Index)) journal.Add(new LogLine { Kind = LogLine.End, Trial = record.Index, Record = record });
        }

        foreach (LogLine line in journal.Log.Where(line => line.Kind == LogLine.Ranking)) Rank(line);
    }

    /// <summary>The largest index of a trial that has started (or ended), plus 1.</summary>
    internal int Begun => _records.Count == 0 ? 0 : _records.Keys.Max() + 1;

    /// <summary>Whether every trial has ended.</summary>
    internal bool IsDone =>
        Enumerable.Range(0, _plan.Count).All(index => _records.TryGetValue(index, out TrialRecord? record) && HasEnded(record));

    /// <summary>Whether any trial has finished or was stopped early, rather than failed.</summary>
    internal bool AnyGood => _records.Values.Any(record => record.Status is TrialStatus.Finished or TrialStatus.StoppedEarly);

    /// <summary>Rebuilds the plan after the sweep file has changed.</summary>
    internal void Replan()
    {
        _plan = new TrialPlan(_journal.Spec);
        (_final, _measured) = Groups(_journal.Spec);
    }

    /// <summary>Selects the next trial to train and marks it as running; null if there is none.</summary>
    /// <param name="isTaken">Whether a trial is already being handled; that includes failed trials that wait for their retry.</param>
    internal Trial? Next(Func<int, bool> isTaken)
    {
        for (int index = 0; index < _plan.Count; index++)
        {
            if (isTaken(index)) continue;
            if (_records.TryGetValue(index, out TrialRecord? record) && record.Status != TrialStatus.Waiting) continue;
            Trial trial = TrialAt(index);
            if (record is null) _records[index] = NewRecord(trial);
            SetStatus(index, TrialStatus.Running);
            return trial;
        }

        return null;
    }

    /// <summary>Settings not compared yet whose trials have all ended, with their finished trials (at least two).</summary>
    internal IReadOnlyList<(int Setting, TrialRecord[] Trials)> NotCompared() =>
    [
        .. Enumerable.Range(0, _plan.Count).GroupBy(_plan.SettingOf)
            .Where(setting => _rankings.TrueForAll(line => line.Setting != setting.Key))
            .Where(setting => setting.All(index => _records.TryGetValue(index, out TrialRecord? record) && HasEnded(record)))
            .Select(setting => (
                setting.Key, setting.Select(index => _records[index]).Where(record => record.Status == TrialStatus.Finished).ToArray()))
            .Where(setting => setting.Item2.Length > 1),
    ];

    /// <summary>Adds the scores of a comparison to the records of a setting's trials.</summary>
    internal void Rank(LogLine line)
    {
        _rankings.Add(line);
        foreach ((int index, IReadOnlyDictionary<string, double> scores) in line.Rankings!)
        {
            if (!_records.ContainsKey(index)) continue; // its lines are lost, and it is trained again
            var all = new OrderedDictionary<string, double>(_records[index].Scores, StringComparer.Ordinal);
            foreach ((string name, double value) in scores) all[name] = value;
            _records[index] = _records[index] with { Scores = all };
        }
    }

    /// <summary>The step at which a trial was told to stop early; null if it was not.</summary>
    internal int? StopStep(int index) => _measurements.LastOrDefault(line => line.Trial == index && line.Stop is not null)?.Step;

    /// <summary>The logged evaluation of a trial at an epoch; null if there is none.</summary>
    internal LogLine? FindMeasurement(int index, int epoch) => _measurements.Find(line => line.Trial == index && line.Epoch == epoch);

    /// <summary>Why the stopping rule stops a trial; null if it continues, which is always so at its last step.</summary>
    internal string? WhyStop(int index, int epoch, int step, IReadOnlyDictionary<string, double> scores)
    {
        SweepSpec spec = _journal.Spec;
        if (!spec.Stop.Has("criterion") || step >= _records[index].TotalSteps) return null;
        string criterion = spec.Stop.Text("criterion"), group = _measured.KeyOf(_records[index].Parameters);
        IEnumerable<LogLine> comparable = _measurements.Where(line => _measured.KeyOf(_records[line.Trial!.Value].Parameters) == group);
        return StopFamily.Create(spec).WhyStop(
            [.. comparable.Select(line => new Measurement(line.Trial!.Value, line.Epoch!.Value, Loss(criterion, line.Scores!)))],
            new Measurement(index, epoch, Loss(criterion, scores)));
    }

    /// <summary>Records that a trial started or resumed.</summary>
    internal TrialRecord Begin(Trial trial, int step, int totalSteps)
    {
        _steps[trial.Index] = step;
        return _records[trial.Index] = _records[trial.Index] with { Status = TrialStatus.Running, Steps = step, TotalSteps = totalSteps };
    }

    /// <summary>Records an evaluation of a trial.</summary>
    internal TrialRecord Measure(LogLine line)
    {
        _measurements.Add(line);
        int index = line.Trial!.Value;
        return _records[index] = _records[index] with { Steps = line.Step!.Value, Scores = line.Scores!, StopReason = line.Stop };
    }

    /// <summary>Records a failure of a trial.</summary>
    /// <returns>How often the trial has failed so far.</returns>
    internal int CountFailure(int index, string error)
    {
        _records[index] = _records[index] with { Failures = _records[index].Failures + 1, Error = error };
        return _records[index].Failures;
    }

    /// <summary>Records the end of a trial.</summary>
    internal void End(TrialRecord record) => _records[record.Index] = record;

    /// <summary>Records the number of completed steps; safe from any thread.</summary>
    internal void SetStep(int index, int step) => _steps[index] = step;

    /// <summary>Sets the status of a trial.</summary>
    internal void SetStatus(int index, TrialStatus status) => _records[index] = _records[index] with { Status = status };

    /// <summary>The record of a trial that finished or was stopped early.</summary>
    internal TrialRecord RecordOf(Trial trial, TrialEnd end)
    {
        TrialRecord record = _records[trial.Index];
        return record with
        {
            Status = end.Result is null ? TrialStatus.StoppedEarly : TrialStatus.Finished,
            Steps = end.Steps,
            TotalSteps = end.Result?.Steps ?? record.TotalSteps,
            WeightsSha256 = end.WeightsSha256,
            Scores = end.Result is null ? record.Scores : end.Scores,
            Result = end.Result,
            Folder = end.Folder ?? record.Folder,
        };
    }

    /// <summary>The record of a trial that failed permanently.</summary>
    internal TrialRecord FailedRecordOf(Trial trial) =>
        _records[trial.Index] with { Status = TrialStatus.Failed, Steps = StepsOf(trial.Index) };

    /// <summary>A summary of the current state.</summary>
    internal SweepSummary Summary(string status)
    {
        TrialRecord[] trials = [.. _records.Values.Select(
            record => HasEnded(record) ? record : record with { Steps = StepsOf(record.Index) })];
        var groups = _final.Of(trials.Select(record => (record.Index, record.Parameters)));
        TrialGroup[] ranked = [.. groups.Select((group, i) =>
        {
            (int? best, IReadOnlyList<int> front) = Ranking([.. trials.Where(record => group.Trials.Contains(record.Index))]);
            return new TrialGroup(ComparableGroups.NameOf(i), group.Basis, group.Trials, best, front);
        })];
        (int? bestOfAll, IReadOnlyList<int> frontOfAll) = ranked.Length == 0
            ? Ranking(trials)
            : (null, [.. ranked.SelectMany(group => group.Front).Order()]);
        return new SweepSummary
        {
            Name = _journal.Spec.Name,
            Status = status,
            Objectives = [.. _journal.Spec.Objectives.Select(name => new SweepObjective(name, HigherIsBetter(name)))],
            TotalTrials = _plan.Count,
            Steps = trials.Sum(record => (long)record.Steps),
            Best = bestOfAll,
            Front = frontOfAll,
            Groups = ranked,
            NotComparable = ranked.Length == 0 ? null : ComparableGroups.Reason(_journal.Spec, ranked.Select(group => group.Basis)),
            Trials = trials,
        };
    }

    // The best trial and the front of trials that compare.
    private (int? Best, IReadOnlyList<int> Front) Ranking(IReadOnlyList<TrialRecord> trials)
    {
        TrialRecord[] finished = [.. trials.Where(record => record.Status == TrialStatus.Finished)];
        SettingResult[] results = Results(finished);
        if (results.Length == 0) return (null, []);
        IReadOnlyList<int> front = Pareto.ParetoFront.Of([.. results.Select(result => result.Losses)]);
        HashSet<int> settings = [.. front.Select(place => results[place].Number)];
        int best = results.MinBy(result => Ranked(result.Losses[0]))!.Number;
        string first = _journal.Spec.Objectives[0];
        return (
            finished.Where(record => _plan.SettingOf(record.Index) == best).MinBy(record => Ranked(Loss(first, record.Scores)))!.Index,
            [.. finished.Where(record => settings.Contains(_plan.SettingOf(record.Index))).Select(record => record.Index)]);
    }

    // What is compared at the end may be the test split, what is compared during training is not where there is a validation split.
    private static (ComparableGroups Final, ComparableGroups Measured) Groups(SweepSpec spec) => (
        new ComparableGroups(spec, spec.Objectives, isFinal: true),
        new ComparableGroups(spec, spec.Stop.Has("criterion") ? [spec.Stop.Text("criterion")] : [], isFinal: false));

    private static bool HasEnded(TrialRecord record) =>
        record.Status is TrialStatus.Finished or TrialStatus.StoppedEarly or TrialStatus.Failed;

    private static double Ranked(double loss) => double.IsNaN(loss) ? double.PositiveInfinity : loss;

    private static bool HigherIsBetter(string score) => ScoreFamily.Find(score)?.HigherIsBetter ?? true;

    private static double Loss(string score, IReadOnlyDictionary<string, double> scores) =>
        !scores.TryGetValue(score, out double value) ? double.NaN : HigherIsBetter(score) ? -value : value;

    private int StepsOf(int index) => _steps.TryGetValue(index, out int step) ? step : _records[index].Steps;

    private void Replay(LogLine line)
    {
        switch (line.Kind)
        {
            case LogLine.Suggestion:
                _settings[line.Setting!.Value] = line.Parameters!;
                break;
            case LogLine.Begin:
                Trial trial = _plan.With(line.Trial!.Value, line.Parameters!);
                TrialRecord known = _records.GetValueOrDefault(trial.Index) ?? NewRecord(trial);
                _records[trial.Index] =
                    known with { Status = TrialStatus.Waiting, Steps = line.Step ?? 0, TotalSteps = line.TotalSteps ?? 0 };

                // Where the line of the suggestion is lost.
                if (_plan.NeedsResults(trial.Index)) _settings.TryAdd(_plan.SettingOf(trial.Index), trial.Parameters);
                break;
            case LogLine.Score when _records.ContainsKey(line.Trial!.Value):
                Measure(line);
                break;
            case LogLine.Failure when _records.ContainsKey(line.Trial!.Value):
                CountFailure(line.Trial.Value, line.Error ?? string.Empty);
                break;
        }
    }

    private Trial TrialAt(int index)
    {
        if (!_plan.NeedsResults(index)) return _plan.At(index, []);
        int setting = _plan.SettingOf(index);
        if (_settings.TryGetValue(setting, out IReadOnlyDictionary<string, JsonElement>? known)) return _plan.With(index, known);

        // The suggestion is logged before a trial uses it, so that a resumed sweep uses the same.
        SettingResult[] results = Results(_records.Values.Where(HasEnded));
        Trial trial = _plan.At(index, results);
        _settings[setting] = trial.Parameters;
        _journal.Add(new LogLine
        {
            Kind = LogLine.Suggestion,
            Setting = setting,
            Parameters = trial.Parameters,
            From = [.. results.Select(result => result.Number)],
        });
        return trial;
    }

    private static TrialRecord NewRecord(Trial trial) => new()
    {
        Index = trial.Index,
        Parameters = trial.Parameters,
        Seed = trial.Seed,
        Status = TrialStatus.Waiting,
        Folder = SweepFolder.Relative(trial),
    };

    private SettingResult[] Results(IEnumerable<TrialRecord> trials) =>
    [
        .. trials.GroupBy(record => _plan.SettingOf(record.Index)).Select(group =>
        {
            TrialRecord[] good = [.. group.Where(record => record.Status != TrialStatus.Failed)];
            double[] losses = good.Length == 0
                ? []
                : [.. _journal.Spec.Objectives.Select(name => good.Average(record => Loss(name, record.Scores)))];
            double progress = good.Length == 0
                ? 0
                : good.Average(record => record.TotalSteps == 0 ? 0 : (double)record.Steps / record.TotalSteps);
            IReadOnlyDictionary<string, JsonElement> setting = group.First().Parameters;
            return new SettingResult(group.Key, setting, losses, progress) { Group = _final.KeyOf(setting) };
        }),
    ];
}
