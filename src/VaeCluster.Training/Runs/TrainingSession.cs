using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Files;
using VaeCluster.Training.InProcess;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>What one process does for a run, from taking a generation to writing the result.</summary>
internal sealed class TrainingSession : IDisposable
{
    // A loss that has grown by this many nats a pixel, or this many times its least value, will hardly come back.
    private const double Diverged = 100;

    // Halving further than this changes nothing that float32 could see.
    private const double SmallestStepSizeFactor = 1.0 / (1 << 20);

    private readonly TrainingRun _run;
    private readonly RunSpec _spec;
    private readonly IEngine _engine;
    private readonly IEvaluator _evaluator;
    private readonly ITrainingCluster _cluster;
    private readonly CheckpointStore _store;
    private readonly CheckpointWriter _writer;
    private readonly IGenerations _generations;
    private readonly int _moments;
    private readonly int? _average;
    private readonly float[] _weights;
    private readonly List<float> _stepMilliseconds = [];
    private readonly long _started;
    private readonly CheckpointClock _checkpoints;
    private Memory<float>[]? _momentCopies;
    private MetricsLog _log;
    private bool _isAnnounced, _isSkipTold, _isDivergenceTold;
    private int _generation;
    private double _secondsBefore;

    internal TrainingSession(TrainingRun run)
    {
        _run = run;
        _spec = run.Spec;
        _started = run.Options.Time.GetTimestamp();
        VaeModel model = run.Model;
        _engine = run.Options.Engine();
        _evaluator = run.Options.Evaluator(_spec, model, _engine, run.Threads);
        _cluster = run.Options.Cluster?.Invoke(run) ?? InProcess(run, _engine);
        IOptimizer optimizer = OptimizerFactory.Create(_spec.Training);
        (_moments, _average) = (optimizer.Moments, optimizer.Average);
        _weights = new float[model.Layout.Length];
        _store = new CheckpointStore(run.Folder.CheckpointsPath, model.Layout, _moments, _average);
        _generations = run.Options.Generations ?? new GenerationFile(run.Folder.GenerationsPath);
        _checkpoints = new CheckpointClock(run.Options.Time);
        _writer = new CheckpointWriter(_store, model.Layout.Length, _moments, _spec.Checkpoint.Keep, BeforePublish, step =>
        {
            _checkpoints.Reset();
            Observer?.OnCheckpoint(step);
        });
        _store.RemoveUnfinished();
        _log = null!;
    }

    private IRunObserver? Observer => _run.Options.Observer;

    // Processes on other machines may believe that they are in charge; on this one the lock of the folder keeps them out.
    private bool IsShared => _run.Options.Generations is not null;

    public void Dispose()
    {
        _run.Options.Live?.Close();
        _checkpoints.Dispose();
        _writer.Dispose();
        _log?.Dispose();
        _cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _evaluator.Dispose();
        _engine.Dispose();
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="cancellation">Stops after the step in progress, with a checkpoint.</param>
    internal RunResult Execute(CancellationToken cancellation)
    {
        _run.Options.Beginning?.Invoke(_run);
        Checkpoint from = _run.Resumes ? Newest() : Fresh();
        if (_run.Resumes) TellIfFromStart(from);
        _run.RecordOnce();
        while (true)
        {
            Coordinator? coordinator = null;
            try
            {
                coordinator = Start(from, cancellation);
                if (!_isAnnounced || _run.Options.Cluster is not null) Observer?.OnStarted(new RunStart(
                    _spec, _run.Folder, coordinator.State.Step + 1, coordinator.StepsPerEpoch, coordinator.TotalSteps, _weights.Length,
                    _run.Options.Workers, _run.Threads, _engine.Arithmetic, _run.Data.Train.Count));
                _isAnnounced = true;
                return Run(coordinator, cancellation);
            }
            catch (RangeLostException fault)
            {
                Observer?.OnNotice(fault.Message);
                from = AfterLoss(coordinator, fault, cancellation);
            }
            catch (NonFiniteStepException fault) when (_spec.Training.NonFinite == NonFinitePolicy.Halve)
            {
                from = GoBack(coordinator!, fault);
            }
            catch (Exception fault) when (fault is not (StaleGenerationException or OperationCanceledException))
            {
                // A successor clears away what it finds unfinished: whatever went wrong for one that is replaced is not the run's fault.
                Demand();
                throw;
            }
        }
    }

    private RunResult Run(Coordinator coordinator, CancellationToken cancellation)
    {
        EvaluationRecord? final = null;
        try
        {
            while (!coordinator.IsDone)
            {
                Step(coordinator, cancellation);
                if (coordinator.IsDone) final = EvaluateForResult(coordinator.State.Step, log: true);
                if (IsCheckpointDue(coordinator)) Save(coordinator, mayBeLate: MayBeLate(coordinator));
            }
        }
        catch (OperationCanceledException)
        {
            if (coordinator.State.Step > 0) Save(coordinator);
            _writer.Wait();
            throw;
        }

        // A run killed between its last checkpoint and its result has logged this evaluation already.
        final ??= EvaluateForResult(coordinator.State.Step, log: false);
        _writer.Wait();
        _log.Publish();
        if (IsShared) _log.KeepInPlace(Demand);
        _log.Flush();
        return Finish(coordinator, final);
    }

    // Ranges that only move are saved first; after a loss everything since the newest checkpoint is done again, to the same bits.
    private Checkpoint AfterLoss(Coordinator? coordinator, RangeLostException fault, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (fault.IsMove && coordinator is { State.Step: > 0 }) Save(coordinator);
        }
        catch (RangeLostException)
        {
            // Gone before it could be saved.
        }

        _writer.Wait();
        return Newest();
    }

    private static InProcessCluster InProcess(TrainingRun run, IEngine engine) => new(new InProcessOptions
    {
        Training = run.Spec.Training,
        Model = run.Model,
        Engine = engine,
        Data = run.Data.Train,
        Workers = run.Options.Workers,
        Threads = run.Threads,
        Ranges = run.Options.Ranges,
        Timeline = run.Options.Timeline,
        BeforeNode = run.Options.BeforeNode,
    });

    private Checkpoint Newest()
    {
        var damaged = new List<CheckpointInfo>();
        Checkpoint? newest = _store.ReadNewest((info, fault) =>
        {
            Observer?.OnNotice($"{fault.Message}; passed over");
            damaged.Add(info);
        })?.Checkpoint;

        // Only now: where one belongs to another model, nothing is touched.
        foreach (CheckpointInfo info in damaged) _store.SetAside(info);
        return newest ?? Fresh();
    }

    private Checkpoint Fresh()
    {
        // A run that began from another's weights keeps them as its checkpoint of step 0.
        if (_run.Origin?.From is { } source)
            return _store.Find(0) is { } info ? _store.Read(info) : throw new BadInputException(
                _run.Folder.CheckpointsPath, null, null, $"the checkpoint of step 0, the weights {source.Describe()}, is missing");
        var weights = new float[_weights.Length];
        float[] mean = _run.Model.NeedsMeanImage ? _run.Data.Train.MeanImage() : [];
        _run.Model.Initialize(weights, _spec.Training.Seed, mean);
        return new Checkpoint(new TrainingState { Step = 0, Updates = 0 }, weights,
            FreshMoments(weights, OptimizerFactory.Create(_spec.Training)));
    }

    /// <summary>The moments of an optimiser before its first update: zeros, and the weights themselves as their average.</summary>
    internal static float[][] FreshMoments(float[] weights, IOptimizer optimizer) =>
    [
        .. Enumerable.Range(0, optimizer.Moments)
            .Select(moment => moment == optimizer.Average ? (float[])weights.Clone() : new float[weights.Length]),
    ];

    private Coordinator Start(Checkpoint from, CancellationToken cancellation)
    {
        _log?.Dispose();
        int newest = _store.List().Select(info => info.Generation).DefaultIfEmpty(0).Max();
        _generation = _generations.Take(newest);
        MetricsLosses losses = IsShared
            ? MetricsFile.Renew(_run.Folder.MetricsPath, from.State.Step, Demand)
            : MetricsFile.CutBack(_run.Folder.MetricsPath, from.State.Step);
        if (!_isAnnounced && losses.Describe() is { } lost) Observer?.OnNotice(lost);
        _log = new MetricsLog(_run.Folder.MetricsPath, _run.Options.Time);
        _secondsBefore = from.State.Seconds;
        Complete(_cluster.RestoreAsync(
            _generation, from.State.Step, from.Weights, [.. from.Moments.Select(moment => (ReadOnlyMemory<float>)moment)], cancellation));
        return new Coordinator(_spec, _run.Model.Objective, _run.StepsPerEpoch, _cluster, _generation, from.State, _run.Options.Time);
    }

    private void Step(Coordinator coordinator, CancellationToken cancellation)
    {
        double before = coordinator.State.StepSeconds;
        StepRecord record = Complete(coordinator.StepAsync(cancellation));
        double seconds = coordinator.State.StepSeconds - before;
        _stepMilliseconds.Add((float)(seconds * 1e3));
        _log.Write(record);
        Observer?.OnStep(record);
        if (record.Skipped && !_isSkipTold)
        {
            _isSkipTold = true;
            Observer?.OnNotice(FormattableString.Invariant(
                $"step {record.Step}: loss or gradient is not finite, the step is skipped (training.nonFinite: skip); {DivergedException.Remedy}"));
        }

        if (_run.Options.Live is { IsWanted: true } live)
            live.Provide(_run, record.Step, weights => TakeJudged().CopyTo(weights));
        if (coordinator.IsAtEndOfEpoch) EndEpoch(coordinator, record.Epoch);
    }

    private void EndEpoch(Coordinator coordinator, int epoch)
    {
        DemandFolder();
        TrainingState state = coordinator.State;
        int steps = state.LastEpochSteps;
        if (steps == 0)
            throw new DivergedException(FormattableString.Invariant(
                $"all {coordinator.StepsPerEpoch} steps of epoch {epoch} were skipped, since loss or gradient was not finite; {DivergedException.Remedy}"));
        LossTerms sums = state.LastEpochTerms;
        var record = new EpochRecord(
            state.Step, epoch, sums.Loss / steps, sums.Reconstruction / steps, sums.Kl / steps, SamplesPerSecond(state));
        _log.Write(record);
        Observer?.OnEpoch(record);
        TellDivergence(state, epoch, sums.Loss / steps);
        if (_run.Data.Validation is null) coordinator.Judge(record.Elbo);

        int every = _spec.Evaluation.EveryEpochs;
        if (every == 0 || epoch % every != 0) return;
        if (_run.Data.Validation is { } validation) coordinator.Judge(Evaluate(validation, state.Step, epoch, log: true).Elbo);
        else if (_run.Data.Test is { } test && epoch < _spec.Training.Epochs) Evaluate(test, state.Step, epoch, log: true);
    }

    private void TellDivergence(TrainingState state, int epoch, double loss)
    {
        if (_isDivergenceTold || state.LeastLoss is not { } least) return;
        if (loss - least <= Diverged * Math.Max(Math.Abs(least), _run.Data.Image.Pixels)) return;
        _isDivergenceTold = true;
        Observer?.OnNotice(string.Create(CultureInfo.InvariantCulture,
            $"training diverges: the loss of epoch {epoch} is {loss:0.###E+0} nats per example, and was {least:0.##} before; {DivergedException.Remedy}"));
    }

    // The lines say that the run had begun; that it begins again must not look like going on.
    private void TellIfFromStart(Checkpoint from)
    {
        if (from.State.Step > 0) return;
        int reached = MetricsSearch.LastStep(_run.Folder.MetricsPath);
        if (reached > 0)
            Observer?.OnNotice(string.Create(
                CultureInfo.InvariantCulture,
                $"no checkpoint is left to go on from, though metrics.jsonl reaches step {reached:#,0}: the run begins again at step 1, to the same weights"));
    }

    // Whoever removes a run while it trains wants no half of it back.
    private void DemandFolder()
    {
        if (!_run.Folder.Exists) throw new DirectoryNotFoundException(
            $"{_run.Folder.Path}: the folder of the run, or its run.yaml, was removed while it trained; nothing more is written");
    }

    private bool IsCheckpointDue(Coordinator coordinator)
    {
        TrainingState state = coordinator.State;
        return coordinator.IsDone || IsBest(state) || state.Step % _spec.Checkpoint.EverySteps == 0;
    }

    private static bool IsBest(TrainingState state) => state.Score is { } score && score.Equals(state.BestScore);

    // While a database that is away holds up a checkpoint, training goes on: of those that fall due meanwhile the newest is kept in memory,
    // the best before any other. Halving goes back to scheduled checkpoints, so there none may be missing; nor may the last.
    private bool MayBeLate(Coordinator coordinator) =>
        IsShared && _spec.Training.NonFinite != NonFinitePolicy.Halve && !coordinator.IsDone;

    private void Save(Coordinator coordinator, bool mayBeLate = false)
    {
        if (mayBeLate && !IsBest(coordinator.State) && _writer.IsBusy) return;
        DemandFolder();
        TrainingState state = coordinator.State with
        {
            Seconds = Seconds(),
            Score = coordinator.State.Score is { } score && double.IsFinite(score) ? score : null,
            BestScore = coordinator.State.BestScore is { } best && double.IsFinite(best) ? best : null,
        };
        _log.Publish();
        Action<TrainingState, int, Action<float[], float[][]>> begin = mayBeLate ? _writer.BeginOrKeep : _writer.Begin;
        begin(state, coordinator.Generation, (weights, moments) =>
            Complete(_cluster.SnapshotAsync(weights, [.. moments.Select(moment => moment.AsMemory())], CancellationToken.None)));
    }

    // On the writer's thread. Every line up to the checkpoint must outlive a crash of the machine if the checkpoint does.
    private void BeforePublish()
    {
        DemandFolder();
        if (IsShared) _log.KeepInPlace(Demand);
        _log.Flush();
        Demand();
    }

    private void Demand() => _generations.Demand(_generation);

    // The steps since the last scheduled checkpoint led to where the loss is not finite; they are done again with half the step size.
    // Only scheduled checkpoints count, so that a run that was interrupted goes back to the same step as one that was not.
    private Checkpoint GoBack(Coordinator coordinator, NonFiniteStepException fault)
    {
        double factor = coordinator.State.StepSizeFactor / 2;
        if (factor < SmallestStepSizeFactor) throw fault;
        _writer.Wait();
        int done = coordinator.State.Step;
        int target = done - (done % _spec.Checkpoint.EverySteps);
        Checkpoint source = target > 0 && _store.Find(target) is { } info ? _store.Read(info) : Fresh();
        Observer?.OnNotice(FormattableString.Invariant(
            $"{fault.Message.Split(';')[0]}: back to step {source.State.Step} with {factor} of the step size"));

        // What this session has taken since its beginning is counted from there still.
        return source with { State = source.State with { StepSizeFactor = factor, Seconds = _secondsBefore } };
    }

    private EvaluationRecord? EvaluateForResult(int step, bool log) =>
        (_run.Data.Test ?? _run.Data.Validation) is { } split
            ? Evaluate(split, step, _spec.Training.Epochs, log && split == _run.Data.Test)
            : null;

    // Never cut short: what was not logged before a checkpoint would be missing for good.
    private EvaluationRecord Evaluate(Split split, int step, int epoch, bool log)
    {
        EvaluationRecord record = _evaluator.Evaluate(TakeJudged(), split, step, epoch, CancellationToken.None);
        TrainingInstruments.Evaluation(record);
        if (!log) return record;
        _log.Write(record);
        Observer?.OnEvaluation(record);
        return record;
    }

    private RunResult Finish(Coordinator coordinator, EvaluationRecord? test)
    {
        DemandFolder();
        ReadOnlyMemory<float> judged = TakeJudged();
        TrainingState state = coordinator.State;
        LossTerms sums = state.LastEpochTerms;
        int steps = state.LastEpochSteps;
        if (state.Skipped > 0)
            Observer?.OnNotice(string.Create(CultureInfo.InvariantCulture,
                $"{state.Skipped:#,0} of {state.Step:#,0} steps were skipped, since loss or gradient was not finite"));
        DemandFinite(judged.Span, test);
        var result = new RunResult
        {
            Status = "finished",
            Steps = state.Step,
            SkippedSteps = state.Skipped,
            Epochs = _spec.Training.Epochs,
            WeightsSha256 = Sha256(_weights),
            AverageSha256 = _average is null ? null : Sha256(judged.Span),
            Train = steps == 0
                ? null
                : new TrainResult(
                    sums.Loss / steps, -(sums.Reconstruction + sums.Kl) / steps, sums.Reconstruction / steps, sums.Kl / steps),
            KlMethod = _run.Model.HasClosedFormKl ? null : RunResult.MonteCarlo,
            Test = test is null ? null : new TestResult(test.Elbo, test.Reconstruction, test.Kl, test.ActiveUnits),
            Seconds = Math.Round(Seconds(), 3),
            SamplesPerSecond = Math.Round(SamplesPerSecond(state), 1),
            StepMilliseconds = Percentiles(),
            Workers = _run.Options.Workers,
            Threads = _run.Threads,
            Engine = _cluster.Arithmetic ?? _engine.Arithmetic,
        };
        _run.Options.Finishing?.Invoke(new FinishedRun(_spec, _run.Folder, _run.Model, _run.Data, judged, _engine, result));
        Demand();
        DurableFile.Replace(_run.Folder.ResultPath, result.ToJson());
        return result;
    }

    // Weights that do not evaluate are no result.
    private static void DemandFinite(ReadOnlySpan<float> weights, EvaluationRecord? test)
    {
        foreach (float weight in weights)
            if (!float.IsFinite(weight)) throw new DivergedException($"the last weights are not finite; {DivergedException.Remedy}");
        if (test is not null && !double.IsFinite(test.Elbo))
            throw new DivergedException($"the ELBO of the last weights on the {test.Split} data is not finite; {DivergedException.Remedy}");
    }

    // A copy of the weights, and what is judged in their place: their average, where one is kept.
    private ReadOnlyMemory<float> TakeJudged()
    {
        if (_average is not { } average)
        {
            Complete(_cluster.SnapshotAsync(_weights, [], CancellationToken.None));
            return _weights;
        }

        _momentCopies ??= [.. Enumerable.Range(0, _moments).Select(_ => new float[_weights.Length].AsMemory())];
        Complete(_cluster.SnapshotAsync(_weights, _momentCopies, CancellationToken.None));
        return _momentCopies[average];
    }

    internal static string Sha256(ReadOnlySpan<float> vector) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(vector)));

    private double Seconds() => _secondsBefore + _run.Options.Time.GetElapsedTime(_started).TotalSeconds;

    private double SamplesPerSecond(in TrainingState state) =>
        state.StepSeconds > 0 ? (double)state.Step * _spec.Training.Batch / state.StepSeconds : 0;

    private StepTimes Percentiles()
    {
        if (_stepMilliseconds.Count == 0) return new StepTimes(0, 0);
        float[] sorted = [.. _stepMilliseconds];
        Array.Sort(sorted);
        return new StepTimes(Math.Round(At(0.5), 3), Math.Round(At(0.9), 3));

        double At(double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
    }

    // In one process every call of the cluster has completed when it returns; in a cluster this thread has nothing to do but wait for it.
    private static void Complete(ValueTask call) => call.AsTask().GetAwaiter().GetResult();

    private static T Complete<T>(ValueTask<T> call) => call.IsCompletedSuccessfully ? call.Result : call.AsTask().GetAwaiter().GetResult();
}
