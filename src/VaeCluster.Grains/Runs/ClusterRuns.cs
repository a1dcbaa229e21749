using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// The service of runs on a silo that serves: runs are folders that all such silos share, their state is in the store, and a coordinator trains
/// each of them. Any silo answers for any run.
/// </summary>
/// <param name="options">The coordinators' options.</param>
/// <param name="gate">Data that submitted runs may read.</param>
/// <param name="grains">Finds coordinators.</param>
public sealed class ClusterRuns(CoordinatorOptions options, DataGate gate, IGrainFactory grains) : IRunService, IDisposable
{
    private const int MostMetricsBytes = 1 << 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    // A store that does not answer is not asked for every look at a run.
    private static readonly TimeSpan StorePatience = TimeSpan.FromMilliseconds(300), AwayFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly RunCurves _curves = new();

    // The weights of a run in progress lie on the silos of its ranges, whichever those are: pictures are made with the newest checkpoint.
    private readonly RunGallery _gallery = new(options.Driver.Training.Engine, options.Driver.Silo.Datasets, options.Driver.Time, options.Driver.Silo.Places.Find);
    private readonly ConcurrentDictionary<string, StoredRun> _lastKnown = [];
    private long _awayUntil;

    private RunCatalog Catalog => options.Catalog;

    private IRunStore Store => options.Driver.Store;

    /// <inheritdoc/>
    public void Dispose()
    {
        _checking.Dispose();
        _gallery.Dispose();
    }

    /// <inheritdoc/>
    public async Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation)
    {
        if (submission.Workers is { } wanted) DemandWorkers(wanted);
        if (Catalog.WithKey(submission.Key) is { } known) return await SubmitAgainAsync(known, submission, cancellation);
        RunSpec spec = gate.Read(submission);
        await _checking.WaitAsync(cancellation);
        try
        {
            // What does not fit the data is said now, not when a worker opens them; and the data get their name.
            spec = await Task.Run(() => Check(spec, submission), cancellation);
        }
        finally
        {
            _checking.Release();
        }

        RunFolder folder = Catalog.Add(spec, submission.Key, _ => { });
        StoredRun run = Queued(folder, submission, spec);
        try
        {
            // With a key whoever has added it meant the same run.
            if (!await Store.AddAsync(run, cancellation) && submission.Key is null)
                throw RunRefusedException.Conflict(run.Id, "the store has a run of this name without a folder");
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }

        await LookAsync(run.Id);
        return RunCatalog.Describe(folder, run, step: 0, whole: true);
    }

    /// <inheritdoc/>
    public async Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        IEnumerable<StoredRun> known = await Store.ListAsync(cancellation);
        if (after is not null) known = known.SkipWhile(run => run.Id != after).Skip(1);
        List<StoredRun> page = [.. known.Take(limit + 1)];
        RunInfo[] runs = await Listing.DescribeAsync(page.Take(limit), run => DescribeAsync(run, whole: false));
        return new RunPage(runs, page.Count > limit ? page[limit - 1].Id : null);
    }

    /// <inheritdoc/>
    public async Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) => await DescribeAsync(await LookUpAsync(id, cancellation), whole: true);

    /// <inheritdoc/>
    public Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Stopping, "cancelled", cancellation);

    /// <inheritdoc/>
    public Task<RunInfo> PauseAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Pausing, "paused", cancellation);

    /// <inheritdoc/>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            StoredRun run = await FindAsync(id, cancellation);
            if (run.State.IsInProgress()) throw RunRefusedException.Conflict(id, $"this run is {run.State.Word()}; only a run that is not in progress can be deleted");
            if (!await Store.RemoveAsync(run, cancellation)) continue;

            // From now on nobody finds it; a crash before the next line leaves a folder that is no run.
            _lastKnown.TryRemove(id, out _);
            RunFolder folder = Catalog.Find(id);
            _gallery.Forget(folder);
            RunCatalog.Remove(folder);
            return;
        }
    }

    /// <inheritdoc/>
    public async Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation)
    {
        if (workers is { } wanted) DemandWorkers(wanted);
        StoredRun run = await ChangeAsync(id, known => known.State switch
        {
            RunState.Finished => known,
            RunState.Stopped or RunState.Paused or RunState.Failed => known with { State = RunState.Queued, Error = null, Notes = [], Workers = workers ?? known.Workers },
            _ => throw RunRefusedException.Conflict(id, $"this run is {known.State.Word()}; only a run that is not in progress can be resumed"),
        }, cancellation);
        if (run.State == RunState.Queued) await LookAsync(id);
        return await DescribeAsync(run, whole: true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MetricsLine> FollowAsync(
        string id, MetricsPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        using var tail = new MetricsTail(Catalog.Find(id).MetricsPath, after);
        while (true)
        {
            // Asked before the file is read: what a run writes last is there by the time that it has ended.
            bool last = !await IsInProgressAsync(id, cancellation);
            while (tail.TryRead(out MetricsLine line))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }

            if (last) yield break;
            await Task.Delay(PollInterval, options.Driver.Time, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        RunFolder run = Catalog.Find(id);
        string path = file == RunArtifact.Report ? run.ReportPath : run.ResultPath;
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    /// <inheritdoc/>
    public async Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        string metrics = Catalog.Find(id).MetricsPath;
        return await Task.Run(() => _curves.Read(metrics, points), cancellation);
    }

    /// <inheritdoc/>
    public async Task<RunModel> InspectAsync(string id, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        return await _gallery.InspectAsync(Catalog.Find(id), null, cancellation);
    }

    /// <inheritdoc/>
    public async Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        return await _gallery.DrawAsync(Catalog.Find(id), null, request, cancellation);
    }

    /// <inheritdoc/>
    public async Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        return await _gallery.EncodeAsync(Catalog.Find(id), null, example, cancellation);
    }

    /// <inheritdoc/>
    public async Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation)
    {
        if ((await LookUpAsync(id, cancellation)).State is not (RunState.Running or RunState.Stopping or RunState.Pausing)) return RunWorkers.None;
        try
        {
            return JsonSerializer.Deserialize<RunWorkers>(await grains.GetGrain<ICoordinatorGrain>(id).WorkersAsync(), ApiJson.Options)!;
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            return RunWorkers.None; // the run moves to another coordinator just now
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        return CheckpointFiles.List(Catalog.Find(id));
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation)
    {
        await LookUpAsync(id, cancellation);
        return CheckpointFiles.Open(Catalog.Find(id), checkpoint, file);
    }

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation) =>
        await Store.WhyNotReadyAsync(cancellation) ?? (Directory.Exists(Catalog.Path) ? null : $"the folder {Catalog.Path} is gone");

    /// <summary>See <see cref="IRunsGrain.ReadMetricsAsync"/>.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has.</param>
    internal async Task<MetricsBatch> ReadMetricsAsync(string id, string after)
    {
        if (!MetricsPosition.TryParse(after, out MetricsPosition position)) position = MetricsPosition.Start;
        bool last = !await IsInProgressAsync(id, CancellationToken.None);
        var positions = new List<string>();
        var kinds = new List<string>();
        var lines = new List<byte[]>();
        using var tail = new MetricsTail(Catalog.Find(id).MetricsPath, position);
        for (int bytes = 0; bytes < MostMetricsBytes && tail.TryRead(out MetricsLine line); bytes += line.Json.Length)
        {
            positions.Add(line.Position.ToString());
            kinds.Add(line.Kind);
            lines.Add(line.Json.ToArray());
        }

        return new MetricsBatch([.. positions], [.. kinds], [.. lines], last);
    }

    // The one who submitted it first may have died between making the folder and telling the store.
    private async Task<RunInfo> SubmitAgainAsync(string id, RunSubmission submission, CancellationToken cancellation)
    {
        RunFolder folder = Catalog.Find(id);
        await Store.AddAsync(Queued(folder, submission, RunCatalog.ReadSpec(folder)), cancellation);
        await LookAsync(id);
        return await ShowAsync(id, cancellation);
    }

    private StoredRun Queued(RunFolder folder, RunSubmission submission, RunSpec spec) => new()
    {
        Id = Path.GetFileName(folder.Path),
        Submitted = options.Driver.Time.GetUtcNow(),
        Workers = submission.Workers ?? spec.Training.Shards,
        State = RunState.Queued,
    };

    private async Task<RunInfo> EndAsync(string id, RunState word, string participle, CancellationToken cancellation)
    {
        StoredRun run = await ChangeAsync(id, known => known.State switch
        {
            RunState.Queued or RunState.Running or RunState.Stopping or RunState.Pausing => known with { State = word },
            _ => throw RunRefusedException.Conflict(id, $"this run is {known.State.Word()}; only a run in progress can be {participle}"),
        }, cancellation);
        await LookAsync(id);
        return await DescribeAsync(run, whole: true);
    }

    private async Task<bool> IsInProgressAsync(string id, CancellationToken cancellation)
    {
        return (await LookUpAsync(id, cancellation)).State.IsInProgress();
    }

    private RunSpec Check(RunSpec spec, RunSubmission submission)
    {
        try
        {
            string never = Path.Combine(Catalog.Path, $".check-{Guid.NewGuid():N}");
            TrainingOptions training = options.Driver.Training with { Datasets = options.Driver.Silo.Datasets };
            TrainingRun run = TrainingRun.Prepare(spec, never, force: false, training);
            return spec with { Data = spec.Data with { Fingerprint = run.Data.Fingerprint() } };
        }
        catch (BadInputException fault) when (submission.FileName is not null)
        {
            throw fault.In(submission.FileName);
        }
    }

    private async Task<StoredRun> FindAsync(string id, CancellationToken cancellation)
    {
        if (!RunNames.IsName(id)) throw RunRefusedException.NoSuchRun(id);
        StoredRun run = await Store.FindAsync(id, cancellation) ?? throw RunRefusedException.NoSuchRun(id);
        _lastKnown[id] = run;
        return run;
    }

    // Whoever watches a run goes on watching while the store is away: training does not wait for it either.
    private async Task<StoredRun> LookUpAsync(string id, CancellationToken cancellation)
    {
        if (!_lastKnown.TryGetValue(id, out StoredRun? known)) return await FindAsync(id, cancellation);
        if (Interlocked.Read(ref _awayUntil) > Environment.TickCount64) return known;
        try
        {
            return await FindAsync(id, cancellation).WaitAsync(StorePatience, cancellation);
        }
        catch (Exception fault) when (fault is not (RunRefusedException or OperationCanceledException))
        {
            Interlocked.Exchange(ref _awayUntil, Environment.TickCount64 + (long)AwayFor.TotalMilliseconds);
            return known;
        }
    }

    private async Task<StoredRun> ChangeAsync(string id, Func<StoredRun, StoredRun> change, CancellationToken cancellation)
    {
        while (true)
        {
            StoredRun known = await FindAsync(id, cancellation), next = change(known);
            if (next == known) return known;
            if (await Store.ChangeAsync(next, cancellation) is { } changed) return changed;
        }
    }

    private async Task<RunInfo> DescribeAsync(StoredRun run, bool whole)
    {
        int? step = null;
        if (run.State is RunState.Running or RunState.Stopping or RunState.Pausing)
        {
            try
            {
                step = (await grains.GetGrain<ICoordinatorGrain>(run.Id).ProgressAsync())?.Step;
            }
            catch (Exception fault) when (fault is TimeoutException or OrleansException)
            {
                // It moves to another silo just now: the files tell the step.
            }
        }

        return RunCatalog.Describe(Catalog.Find(run.Id), run, step, whole);
    }

    // The next beat of any silo tells the coordinator too; this is only sooner.
    private async Task LookAsync(string id)
    {
        try
        {
            await grains.GetGrain<ICoordinatorGrain>(id).LookAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            options.Driver.Log?.Invoke($"{id}: its coordinator cannot be reached yet: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void DemandWorkers(int workers)
    {
        const int Most = 1024;
        if (workers is < 1 or > Most)
            throw new BadInputException("request", "workers", FormattableString.Invariant($"{workers}"), $"a whole number from 1 to {Most}");
    }
}
