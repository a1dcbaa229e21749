using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Sweeps.Running;

/// <summary>
/// Trains trials in this process, each on its own thread with an equal share of the worker threads. Datasets are shared between trials.
/// </summary>
/// <param name="engine">Creates the engine of a trial.</param>
/// <param name="threads">Number of worker threads for all trials.</param>
/// <param name="demand">Throws if a trial may not read its data; null: all data may be read.</param>
public sealed class InProcessTrials(Func<IEngine> engine, int threads, Action<RunSpec>? demand = null) : ITrialRunner
{
    // Sweeps over datasets are rare, so it is enough to keep a few datasets open.
    private const int MostOpen = 8;

    private readonly DatasetCache _datasets = new();
    private readonly Queue<(MemberSpec Choice, DatasetPair Data)> _open = [];

    /// <inheritdoc/>
    public void Check(RunSpec run, IReadOnlyList<ScoreKind> scores)
    {
        demand?.Invoke(run);
        KeepOpen(run.Data.Dataset);
        TrainingRun prepared =
            TrainingRun.Prepare(run, Path.Combine(Path.GetTempPath(), $"vaecluster-check-{Guid.NewGuid():N}"), force: false, Options(1));
        RunScores.Check(scores, prepared.Data, BadInputException.RunFile);
    }

    /// <inheritdoc/>
    public Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<TrialEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(Run(work, watch, cancellation));
            }
            catch (Exception fault)
            {
                done.SetException(fault is DivergedException ? new FinalFailureException(fault) : fault);
            }
        })
        {
            IsBackground = true,
            Name = work.Trial.FolderName,
        };
        thread.Start();
        return done.Task;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(
        IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores, CancellationToken cancellation)
    {
        TrainedRun[] runs = [.. folders.Select(folder => TrainedRun.Open(folder, _ => { }, _datasets))];
        using IEngine judge = engine();
        return TrialRanking.Measure(judge, runs, scores, threads, cancellation);
    }

    private TrialEnd Run(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        demand?.Invoke(work.Run);
        KeepOpen(work.Run.Data.Dataset);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var observer = new Observer(work, watch, stop);
        TrainingRun run = Prepare(work, watch, Options(work.Parallel) with { Observer = observer });
        observer.Data = run.Data;
        RunResult result;
        try
        {
            result = run.Execute(stop.Token);
        }
        catch (OperationCanceledException) when (observer.IsStopped)
        {
            TrainedRun stopped = TrainedRun.Open(work.Folder, watch.OnNotice, _datasets);
            return new TrialEnd(stopped.Step, Sha256(stopped.Weights.Span), new Dictionary<string, double>(), Result: null);
        }

        return new TrialEnd(result.Steps, result.WeightsSha256, Score(work, watch, result, cancellation), result);
    }

    private TrainingOptions Options(int parallel) => TrainingSetup.Options(engine) with
    {
        Threads = Math.Max(1, threads / parallel),
        Datasets = _datasets,
    };

    // The run file is a function of the sweep file and the index, so it can be rewritten if a crash truncated it.
    private static TrainingRun Prepare(TrialWork work, ITrialWatch watch, TrainingOptions options)
    {
        var files = new RunFolder(work.Folder);
        options = options with { Threads = Math.Min(options.Threads!.Value, work.Run.Training.Shards) };
        if (!files.Exists) return TrainingRun.Prepare(work.Run, work.Folder, force: false, options);

        string wanted = RunFile.Write(work.Run);
        if (!Holds(files, wanted))
        {
            watch.OnNotice("run.yaml was damaged and has been rewritten");
            DurableFile.Replace(files.SpecPath, wanted);
        }

        if (files.IsFinished && RunResultOf(files) is null)
        {
            watch.OnNotice("result.json was damaged and will be rewritten");
            File.Delete(files.ResultPath);
        }

        return TrainingRun.PrepareResume(work.Folder, options);
    }

    private static bool Holds(RunFolder files, string wanted)
    {
        RunSpec found;
        try
        {
            found = RunFile.Load(files.SpecPath, [], RunVocabulary.All);
        }
        catch (BadInputException)
        {
            return false;
        }

        if (RunFile.Write(found) == wanted) return true;
        throw new BadInputException(files.SpecPath, null, null, "is not the run of this trial; move the folder away");
    }

    private static RunResult? RunResultOf(RunFolder files)
    {
        try
        {
            return RunResult.Read(files.ResultPath);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private OrderedDictionary<string, double> Score(TrialWork work, ITrialWatch watch, RunResult result, CancellationToken cancellation)
    {
        var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        string[] measured = [];
        if (result.Test is { } test)
        {
            foreach ((string name, double value) in MeasuredScores.Of(test)) scores[name] = value;
            measured = [.. scores.Keys];
        }

        // Without held-out data the bound is measured on the training data.
        ScoreKind[] others = [.. MeasuredScores.Kinds.Union(work.Scores).Where(score => !measured.Contains(score.Name))];
        if (others.Length == 0) return scores;
        TrainedRun run = TrainedRun.Open(work.Folder, watch.OnNotice, _datasets);
        using IEngine judge = engine();
        var options = new ScoreOptions { Seed = work.Run.Evaluation.Seed, Threads = Math.Max(1, threads / work.Parallel) };
        foreach ((string name, ScoreValue value) in RunScores.Measure(judge, run, others, options, cancellation)) scores[name] = value.Value;
        return scores;
    }

    private void KeepOpen(MemberSpec choice)
    {
        lock (_open)
        {
            if (_open.Any(open => open.Choice == choice)) return;
            _open.Enqueue((choice, _datasets.Open(choice)));
            if (_open.Count > MostOpen) _open.Dequeue();
        }
    }

    private static string Sha256(ReadOnlySpan<float> weights) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights)));

    private sealed class Observer(TrialWork work, ITrialWatch watch, CancellationTokenSource stop) : IRunObserver
    {
        internal DataSplits? Data { get; set; }

        internal bool IsStopped { get; private set; }

        public void OnStarted(RunStart start)
        {
            watch.OnBegun(start.FirstStep, start.TotalSteps);

            // The decision to stop was logged before a crash, and the checkpoint is already at that step.
            if (work.StopStep is { } step && start.FirstStep > step) Stop();
        }

        public void OnStep(in StepRecord record) => watch.OnStep(record.Step);

        public void OnEpoch(EpochRecord record)
        {
            int every = work.Run.Evaluation.EveryEpochs;
            if (Data is not { Validation: null, Test: null } || every == 0 || record.Epoch % every != 0) return;
            Measured(record.Epoch, record.Step, MeasuredScores.Of(record));
        }

        public void OnEvaluation(EvaluationRecord record)
        {
            // During training the test split is used only if there is no validation split.
            string split = Data?.Validation is null ? "test" : "validation";
            if (record.Split == split) Measured(record.Epoch, record.Step, MeasuredScores.Of(record));
        }

        public void OnCheckpoint(int step)
        {
            // The sweep needs nothing here: it resumes from the trial's folder.
        }

        public void OnNotice(string message) => watch.OnNotice(message);

        private void Measured(int epoch, int step, IReadOnlyDictionary<string, double> scores)
        {
            if (!watch.OnMeasured(epoch, step, scores)) Stop();
        }

        private void Stop()
        {
            IsStopped = true;
            stop.Cancel();
        }
    }
}
