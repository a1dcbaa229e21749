using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// Trains trials as runs of a service, which gives them workers and brings them back when machines die. A trial is submitted with a key of
/// its own, so that whoever takes the sweep over finds the run that is there. A run is told to stop when its measurement has arrived here:
/// one that is stopped early may be some steps further by then, with the weights that it has at that step in any case.
/// </summary>
/// <param name="options">The service, and what finished trials are judged with.</param>
public sealed class ServiceTrials(ServiceTrialsOptions options) : ISweepTrials
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250), RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SweepCatalog _sweeps = new(options.Catalog.Path);
    private volatile bool _leavesRuns;

    /// <inheritdoc/>
    public void LeaveRuns() => _leavesRuns = true;

    /// <summary>What the keys of a sweep's trials begin with.</summary>
    /// <param name="sweep">The sweep's id.</param>
    public static string Keys(string sweep) => $"{sweep}/";

    /// <inheritdoc/>
    public async Task StopRunsAsync()
    {
        foreach (string id in options.Catalog.WithKeysUnder(Keys(options.Sweep)))
        {
            RunInfo run = await PatientlyAsync(() => options.Runs.ShowAsync(id, CancellationToken.None), CancellationToken.None);
            if (run.State is RunState.Queued or RunState.Running) await PatientlyAsync(() => StopAsync(id), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The service checks the run itself when it is submitted.</remarks>
    public void Check(RunSpec run, IReadOnlyList<ScoreKind> scores)
    {
        RunSpec here = options.Places?.Invoke(run) ?? run;
        string never = Path.Combine(Path.GetTempPath(), $"vaecluster-check-{Guid.NewGuid():N}");
        TrainingRun prepared = TrainingRun.Prepare(here, never, force: false, TrainingSetup.Options(options.Engine) with
        {
            Datasets = options.Datasets,
        });
        RunScores.Check(scores, prepared.Data, BadInputException.RunFile);
    }

    /// <inheritdoc/>
    public async Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation)
    {
        string? split = await Task.Run(() => SplitOf(work.Run), cancellation);
        RunInfo run = await PatientlyAsync(() => BeginAsync(work, cancellation), cancellation);
        var reading = new Reading(work, watch, split);
        try
        {
            await PatientlyAsync(() => FollowAsync(run.Id, reading, cancellation), cancellation, () => reading.Last);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (!_leavesRuns) await PatientlyAsync(() => StopAsync(run.Id), CancellationToken.None);
            throw;
        }

        run = await PatientlyAsync(() => RestAsync(run.Id, cancellation), cancellation);
        switch (run.State)
        {
            case RunState.Finished when run.Result is { } result:
                return new TrialEnd(result.Steps, result.WeightsSha256,
                    await Task.Run(() => Judge(work, watch, run.Id, result, cancellation), cancellation), result)
                    {
                        Folder = run.Id,
                    };
            case RunState.Failed when run.Error?.Contains("is not finite", StringComparison.Ordinal) == true:
                throw new FinalFailureException(new InvalidOperationException(run.Error));
            case RunState.Failed:
                throw new InvalidOperationException(run.Error);
            case RunState.Stopped or RunState.Paused when reading.WasStopped:
                TrainedRun stopped = await Task.Run(() => Open(run.Id, watch), cancellation);
                string sha256 = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(stopped.Weights.Span)));
                return new TrialEnd(stopped.Step, sha256, new Dictionary<string, double>(), Result: null) { Folder = run.Id };
            default:
                throw new FinalFailureException(new InvalidOperationException($"its run {run.Id} was stopped by someone"));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores,
        CancellationToken cancellation)
    {
        TrainedRun[] runs = [.. folders.Select(folder =>
            TrainedRun.Open(_sweeps.PathOfTrial(folder), _ => { }, options.Datasets, options.Places))];
        using Models.Engines.IEngine judge = options.Engine();
        return TrialRanking.Measure(judge, runs, scores, Environment.ProcessorCount, cancellation);
    }

    private async Task<bool> FollowAsync(string id, Reading reading, CancellationToken cancellation)
    {
        bool isStopping = false;
        await foreach (MetricsLine line in options.Runs.FollowAsync(id, reading.Last, cancellation))
        {
            if (!reading.HasBegun && (await options.Runs.ShowAsync(id, cancellation)).Beginning is { } beginning) reading.Begin(beginning);
            if (!reading.HasBegun || reading.Goes(line) || isStopping) continue;
            isStopping = true;
            await StopAsync(id);
        }

        return true;
    }

    // A database or a silo that is away for a while is no fault of the trial. A call may go well for hours before: what counts is how long
    // it has come no further.
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> call, CancellationToken cancellation, Func<MetricsPosition>? reached = null)
    {
        (long Since, MetricsPosition At)? away = null;
        while (true)
        {
            long began = options.Time.GetTimestamp();
            try
            {
                return await call();
            }
            catch (Exception fault) when (fault
                is not (OperationCanceledException or BadInputException or RunRefusedException
                or Training.Checkpoints.StaleGenerationException))
            {
                MetricsPosition at = reached?.Invoke() ?? MetricsPosition.Start;
                if (away is not { } known || known.At != at || options.Time.GetElapsedTime(began) >= options.Patience)
                    away = (options.Time.GetTimestamp(), at);
                else if (options.Time.GetElapsedTime(known.Since) >= options.Patience) throw;
                await Task.Delay(RetryInterval, options.Time, cancellation);
            }
        }
    }

    // The split whose evaluations the sweep's rule looks at: the test split only where nothing else is held out; null: the epochs' own
    // means.
    private string? SplitOf(RunSpec run)
    {
        RunSpec here = options.Places?.Invoke(run) ?? run;
        DataSplits data = DataSplits.Open(here.Data, here.Training.Seed, here.Evaluation.Seed, options.Datasets);
        return data.Validation is not null ? "validation" : data.Test is not null ? "test" : null;
    }

    private async Task<RunInfo> BeginAsync(TrialWork work, CancellationToken cancellation)
    {
        RunInfo run = await options.Runs.SubmitAsync(
            new RunSubmission
            {
                RunFile = RunFile.Write(work.Run),
                FileName = work.Run.Name,
                Key = FormattableString.Invariant($"{Keys(options.Sweep)}{work.Trial.Index}"),
            },
            cancellation);

        // A sweep that was paused and resumed at once finds its runs still writing their checkpoints.
        if (run.State.IsEnding()) run = await RestAsync(run.Id, cancellation);

        // The run of a trial that was told to stop early before the sweep was taken over stays as it is.
        bool isOver = run.State is RunState.Stopped or RunState.Paused && work.StopStep is { } step && run.Step >= step;
        if (isOver || run.State is not (RunState.Stopped or RunState.Paused or RunState.Failed)) return run;
        return await options.Runs.ResumeAsync(run.Id, null, cancellation);
    }

    private async Task<bool> StopAsync(string id)
    {
        try
        {
            await options.Runs.PauseAsync(id, CancellationToken.None);
            return true;
        }
        catch (RunRefusedException)
        {
            // It has come to its end in the meantime.
            return false;
        }
    }

    // The stream of lines ends with the run; its state may follow a moment later.
    private async Task<RunInfo> RestAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            RunInfo run = await options.Runs.ShowAsync(id, cancellation);
            if (!run.State.IsInProgress()) return run;
            await Task.Delay(PollInterval, options.Time, cancellation);
        }
    }

    private OrderedDictionary<string, double> Judge(TrialWork work, ITrialWatch watch, string id, RunResult result,
        CancellationToken cancellation)
    {
        var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        if (result.Test is { } test)
            foreach ((string name, double value) in MeasuredScores.Of(test)) scores[name] = value;
        ScoreKind[] others = [.. MeasuredScores.Kinds.Union(work.Scores).Where(score => !scores.ContainsKey(score.Name))];
        if (others.Length == 0) return scores;
        using Models.Engines.IEngine judge = options.Engine();
        var how = new ScoreOptions { Seed = work.Run.Evaluation.Seed };
        foreach ((string name, ScoreValue value) in RunScores.Measure(judge, Open(id, watch), others, how, cancellation))
            scores[name] = value.Value;
        return scores;
    }

    private TrainedRun Open(string id, ITrialWatch watch) =>
        TrainedRun.Open(options.Catalog.Find(id).Path, watch.OnNotice, options.Datasets, options.Places);

    /// <summary>What the lines of a run's metrics say to the sweep.</summary>
    private sealed class Reading(TrialWork work, ITrialWatch watch, string? split)
    {
        internal MetricsPosition Last { get; private set; } = MetricsPosition.Start;

        internal bool HasBegun { get; private set; }

        internal bool WasStopped { get; private set; } = work.StopStep is not null;

        internal void Begin(RunBeginning beginning)
        {
            watch.OnBegun(beginning.FirstStep, beginning.TotalSteps);
            HasBegun = true;
        }

        // Whether the trial goes on after this line. One that could not be written down is read again.
        internal bool Goes(in MetricsLine line)
        {
            bool goes = Take(line);
            Last = line.Position;
            return goes;
        }

        private bool Take(in MetricsLine line)
        {
            using JsonDocument json = JsonDocument.Parse(line.Json);
            JsonElement values = json.RootElement;
            int step = values.GetProperty("step").GetInt32();
            if (line.Kind == "step")
            {
                watch.OnStep(step);
                return true;
            }

            int epoch = values.GetProperty("epoch").GetInt32(), every = work.Run.Evaluation.EveryEpochs;
            bool counts = line.Kind == "evaluation"
                ? values.GetProperty("split").GetString() == split
                : line.Kind == "epoch" && split is null && every > 0 && epoch % every == 0;
            if (!counts) return true;
            bool goes = watch.OnMeasured(epoch, step, Scores(values));
            WasStopped |= !goes;
            return goes;
        }

        private static OrderedDictionary<string, double> Scores(JsonElement values)
        {
            double reconstruction = Number(values, "reconstruction"), kl = Number(values, "kl");
            var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal) { ["elbo"] = -(reconstruction + kl),
                ["reconstruction"] = reconstruction, ["kl"] = kl };
            if (values.TryGetProperty("activeUnits", out JsonElement units)) scores["active-units"] = units.GetInt32();
            return scores;
        }

        private static double Number(JsonElement values, string name) =>
            values.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
    }
}
