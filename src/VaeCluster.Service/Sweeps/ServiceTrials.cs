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
/// Trains trials as runs of a service, which gives them workers and recovers them when machines die. Each trial is submitted with its own
/// key, so that a driver that takes the sweep over finds the existing run. A run to be stopped early may be some steps further by the time
/// its measurement has arrived here; its weights at any step are the same regardless.
/// </summary>
/// <param name="options">The service, and what scores finished trials.</param>
public sealed class ServiceTrials(ServiceTrialsOptions options) : ISweepTrials
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250), RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SweepCatalog _sweeps = new(options.Catalog.Path);
    private volatile bool _leavesRuns;

    /// <inheritdoc/>
    public void LeaveRuns() => _leavesRuns = true;

    /// <summary>The prefix of the keys of a sweep's trials.</summary>
    /// <param name="sweep">The sweep's id.</param>
    public static string Keys(string sweep) => $"{sweep}/";

    /// <inheritdoc/>
    public async Task StopRunsAsync()
    {
        foreach (string id in options.Catalog.WithKeysUnder(Keys(options.Sweep)))
        {
            RunInfo run = await RetryAsync(() => options.Runs.ShowAsync(id, CancellationToken.None), CancellationToken.None);
            if (run.State is RunState.Queued or RunState.Running) await RetryAsync(() => StopAsync(id), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The service checks the run when it is submitted.</remarks>
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
        RunInfo run = await RetryAsync(() => BeginAsync(work, cancellation), cancellation);
        var reading = new Reading(work, watch, split);
        try
        {
            await RetryAsync(() => FollowAsync(run.Id, reading, cancellation), cancellation, () => reading.Last);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (!_leavesRuns) await RetryAsync(() => StopAsync(run.Id), CancellationToken.None);
            throw;
        }

        run = await RetryAsync(() => RestAsync(run.Id, cancellation), cancellation);
        switch (run.State)
        {
            case RunState.Finished when run.Result is { } result:
                return new TrialEnd(result.Steps, result.WeightsSha256,
                    await Task.Run(() => Score(work, watch, run.Id, result, cancellation), cancellation), result)
                {
                    Folder = run.Id,
                };
            case RunState.Failed when run.Error?.Contains("not finite", StringComparison.Ordinal) == true:
                throw new FinalFailureException(new InvalidOperationException(run.Error));
            case RunState.Failed:
                throw new InvalidOperationException(run.Error);
            case RunState.Stopped or RunState.Paused when reading.WasStopped:
                TrainedRun stopped = await Task.Run(() => Open(run.Id, watch), cancellation);
                string sha256 = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(stopped.Weights.Span)));
                return new TrialEnd(stopped.Step, sha256, new Dictionary<string, double>(), Result: null) { Folder = run.Id };
            default:
                throw new FinalFailureException(new InvalidOperationException($"its run {run.Id} was stopped or paused by a user"));
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

    // A database or silo that cannot be reached for a while is not the trial's fault. A call may work for hours before it fails, so the
    // limit counts the time without progress.
    private async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken cancellation, Func<MetricsPosition>? reached = null)
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
                if (away is not { } known || known.At != at || options.Time.GetElapsedTime(began) >= options.RetryTime)
                    away = (options.Time.GetTimestamp(), at);
                else if (options.Time.GetElapsedTime(known.Since) >= options.RetryTime) throw;
                await Task.Delay(RetryInterval, options.Time, cancellation);
            }
        }
    }

    // The split whose evaluations the stopping rule uses: the test split only if nothing else is held out; null for the means of the
    // training epochs.
    private string? SplitOf(RunSpec run)
    {
        RunSpec here = options.Places?.Invoke(run) ?? run;
        DataSplits data = DataSplits.Open(here.Data, here.Training.Seed, here.Evaluation.Seed, options.Datasets);
        return data.Validation is not null ? "validation" : data.Test is not null ? "test" : null;
    }

    private async Task<RunInfo> BeginAsync(TrialWork work, CancellationToken cancellation)
    {
        // A run that another release submitted for this trial stays its run, even if this release would write its file differently.
        string key = FormattableString.Invariant($"{Keys(options.Sweep)}{work.Trial.Index}");
        RunInfo run = options.Catalog.WithKey(key) is { } begun
            ? await options.Runs.ShowAsync(begun, cancellation)
            : await options.Runs.SubmitAsync(
                new RunSubmission { RunFile = RunFile.Write(work.Run), FileName = work.Run.Name, Key = key }, cancellation);

        // If a sweep is paused and resumed quickly, its runs may still be writing their checkpoints.
        if (run.State.IsEnding()) run = await RestAsync(run.Id, cancellation);

        // A trial that was stopped early before this driver took the sweep over needs no more training.
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
            // It has ended in the meantime.
            return false;
        }
    }

    // The stream of lines ends with the run, but the stored state may change a moment later.
    private async Task<RunInfo> RestAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            RunInfo run = await options.Runs.ShowAsync(id, cancellation);
            if (!run.State.IsInProgress()) return run;
            await Task.Delay(PollInterval, options.Time, cancellation);
        }
    }

    private OrderedDictionary<string, double> Score(TrialWork work, ITrialWatch watch, string id, RunResult result,
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

    /// <summary>Passes the lines of a run's metrics on to the sweep.</summary>
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

        // Whether the trial continues after this line. If recording the line fails, it is read again.
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
            var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["elbo"] = -(reconstruction + kl),
                ["reconstruction"] = reconstruction,
                ["kl"] = kl
            };
            if (values.TryGetProperty("activeUnits", out JsonElement units)) scores["active-units"] = units.GetInt32();
            return scores;
        }

        private static double Number(JsonElement values, string name) =>
            values.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
    }
}
