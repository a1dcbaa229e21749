using System.Runtime.CompilerServices;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Store;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>
/// The run service on every host. Runs are folders, a store keeps their states, and the host drives those in progress. If a host ends or
/// dies, the next one continues what was in progress.
/// </summary>
/// <param name="options">Store, folders and training options.</param>
/// <param name="host">The host that drives the runs.</param>
public sealed class RunService(RunServiceOptions options, IRunHost host) : IRunService, IDisposable
{
    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly ServiceStates<RunFolder> _states = new(options.Store, options.Catalog, "run");
    private readonly Submissions<RunFolder> _submissions = new(options.Store, options.Catalog, "run");
    private readonly RunCurves _curves = new();
    private readonly RunListCache _listed = new();
    private readonly RunGallery _gallery = new(options.Training.Engine, options.Datasets, options.Time, options.Training.Places);

    private RunCatalog Catalog => options.Catalog;

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
        string hash = SubmissionKeys.HashOf(submission);
        if (await _submissions.FindAsync(submission.Key, hash, Again, cancellation) is { } known) return await BeginAsync(known);
        RunSpec spec = options.Gate.Read(submission);
        TrainingRun prepared;

        // Check against the data now, not when the run's turn comes. One check at a time, since data may be large.
        await _checking.WaitAsync(cancellation);
        try
        {
            (spec, prepared) = await Task.Run(() => Check(spec, submission), cancellation);
            DemandOpen();
        }
        finally
        {
            _checking.Release();
        }

        return await BeginAsync(await _submissions.AddAsync(
            submission.Key, hash, () => Catalog.Add(spec, prepared, submission.Key, hash, Queued(string.Empty, submission, spec)), Again,
            cancellation));

        StoredRun Again(RunFolder folder) => Queued(Path.GetFileName(folder.Path), submission, RunCatalog.ReadSpec(folder));

        async Task<RunInfo> BeginAsync(string id)
        {
            await host.LookAsync(id);
            return await ShowAsync(id, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        (RunInfo[] runs, string? next) = await _states.ListAsync(limit, after, run => DescribeAsync(run, whole: false), cancellation);
        return new RunPage(runs, next);
    }

    /// <inheritdoc/>
    public async Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) =>
        await DescribeAsync(await _states.LookUpAsync(id, cancellation), whole: true);

    /// <inheritdoc/>
    public Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) =>
        EndAsync(id, RunState.Stopping, "cancelled", cancellation);

    /// <inheritdoc/>
    public Task<RunInfo> PauseAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Pausing, "paused", cancellation);

    /// <inheritdoc/>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        _states.DemandDeletable(await _states.FindAsync(id, cancellation)); // refuse without waiting
        string hidden = await HideAsync(id, cancellation);
        await Task.Run(() => DeletedFolders.Delete(hidden), CancellationToken.None);
    }

    private async Task<string> HideAsync(string id, CancellationToken cancellation)
    {
        await using IAsyncDisposable turn = await options.Store.LockAsync(cancellation);
        while (true)
        {
            StoredRun run = await _states.FindAsync(id, cancellation);
            _states.DemandDeletable(run);
            RunFolder folder = Catalog.Find(id);
            DemandUnused(id, folder);

            // From here on no host starts it. After a crash before the last line, deleting again completes it.
            if (!await _states.RemoveAsync(run, cancellation)) continue;
            _gallery.Forget(folder);
            return DeletedFolders.Hide(folder.Path);
        }
    }

    /// <inheritdoc/>
    public async Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation)
    {
        if (workers is { } wanted) DemandWorkers(wanted);
        DemandOpen();
        StoredRun known = await _states.FindAsync(id, cancellation);
        if (!known.State.IsInProgress() && known.State != RunState.Finished) DemandUnused(id, Catalog.Find(id));
        StoredRun run = await _states.ResumeAsync(id, workers, cancellation);
        if (run.State != RunState.Queued) return await DescribeAsync(run, whole: true);
        await host.LookAsync(id);
        return await ShowAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MetricsLine> FollowAsync(
        string id, MetricsPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using MetricsTail tail = OpenMetrics(id, after);
        while (true)
        {
            // Ask before reading the file: once a run has ended, its last lines are in the file.
            Task? end = host.EndOf(id);
            bool last = !await IsInProgressAsync(id, cancellation);
            while (tail.TryRead(out MetricsLine line))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }

            if (last) yield break;
            Task pause = Task.Delay(options.PollInterval, options.Time, cancellation);
            await (end is { IsCompleted: false } ? Task.WhenAny(end, pause) : pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation)
    {
        RunFolder run = await FolderAsync(id, cancellation);
        string path = file == RunArtifact.Report ? run.ReportPath : run.ResultPath;
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    /// <inheritdoc/>
    public async Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation)
    {
        string metrics = (await FolderAsync(id, cancellation)).MetricsPath;
        return await Task.Run(() => _curves.Read(metrics, points), cancellation);
    }

    /// <inheritdoc/>
    public async Task<RunModel> InspectAsync(string id, CancellationToken cancellation) =>
        await _gallery.InspectAsync(await FolderAsync(id, cancellation), host.Live(id), cancellation);

    /// <inheritdoc/>
    public async Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation) =>
        await _gallery.DrawAsync(await FolderAsync(id, cancellation), host.Live(id), request, cancellation);

    /// <inheritdoc/>
    public async Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation) =>
        await _gallery.EncodeAsync(await FolderAsync(id, cancellation), host.Live(id), example, cancellation);

    /// <inheritdoc/>
    public async Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation) =>
        IsTraining(await _states.LookUpAsync(id, cancellation)) ? await host.WorkersAsync(id) : RunWorkers.None;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation) =>
        CheckpointFiles.List(await FolderAsync(id, cancellation));

    /// <inheritdoc/>
    public async Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation) =>
        CheckpointFiles.Open(await FolderAsync(id, cancellation), checkpoint, file);

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => host.WhyClosed
        ?? (Directory.Exists(Catalog.Path)
            ? await options.Store.WhyNotReadyAsync(cancellation)
            : $"the folder {Catalog.Path} does not exist");

    /// <summary>Queues what a host that died was about to queue.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    public async Task AdoptAsync(CancellationToken cancellation)
    {
        foreach (string id in await _submissions.AdoptAsync(cancellation)) await host.LookAsync(id);
    }

    /// <summary>Whether a run is in progress: queued, running, stopping or pausing.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is unknown.</exception>
    public async Task<bool> IsInProgressAsync(string id, CancellationToken cancellation) =>
        (await _states.LookUpAsync(id, cancellation)).State.IsInProgress();

    /// <summary>Opens the metrics of a run after a position.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has.</param>
    /// <exception cref="RunRefusedException">The run is unknown.</exception>
    public MetricsTail OpenMetrics(string id, MetricsPosition after) => new(Catalog.Find(id).MetricsPath, after);

    private StoredRun Queued(string id, RunSubmission submission, RunSpec spec) => new()
    {
        Id = id,
        Submitted = options.Time.GetUtcNow(),
        Workers = submission.Workers ?? options.Workers(spec),
        State = RunState.Queued,
    };

    private async Task<RunInfo> EndAsync(string id, RunState word, string participle, CancellationToken cancellation)
    {
        StoredRun run = await _states.EndAsync(id, word, participle, cancellation);
        await host.LookAsync(id);
        return await DescribeAsync(run, whole: true);
    }

    private (RunSpec Spec, TrainingRun Run) Check(RunSpec spec, RunSubmission submission)
    {
        try
        {
            string never = Path.Combine(Catalog.Path, $".check-{Guid.NewGuid():N}");
            TrainingOptions training = options.Training with { Workers = submission.Workers ?? 1 };
            TrainingRun run = TrainingRun.Prepare(spec, never, force: false, training, StartOf(submission));
            return (options.PinsData ? spec with { Data = spec.Data with { Fingerprint = run.Data.Fingerprint() } } : spec, run);
        }
        catch (BadInputException fault) when (submission.FileName is not null)
        {
            throw fault.In(submission.FileName);
        }
    }

    private StartingWeights? StartOf(RunSubmission submission)
    {
        if (submission.From is not { } from)
        {
            return submission.OptimizerState
                ? throw new BadInputException("request", "optimizerState", "true", "only together with 'from'")
                : null;
        }

        // Accept only runs of this server, never a path.
        string id = from.Split('@')[0];
        if (!RunNames.IsName(id) || !new RunFolder(Path.Combine(Catalog.Path, id)).Exists)
            throw new BadInputException("request", "from", from,
                "a run of this server, optionally followed by @STEP or @best to choose a checkpoint");
        return new StartingWeights(Path.Combine(Catalog.Path, from), submission.OptimizerState);
    }

    private async Task<RunFolder> FolderAsync(string id, CancellationToken cancellation)
    {
        await _states.LookUpAsync(id, cancellation);
        return Catalog.Find(id);
    }

    private async Task<RunInfo> DescribeAsync(StoredRun run, bool whole)
    {
        RunFolder folder = Catalog.Find(run.Id);
        if (!whole && !run.State.IsInProgress()) return _listed.Describe(folder, run);
        return RunCatalog.Describe(folder, run, IsTraining(run) ? await host.StepAsync(run.Id) : null, whole);
    }

    private static bool IsTraining(StoredRun run) => run.State is RunState.Running or RunState.Stopping or RunState.Pausing;

    private void DemandOpen()
    {
        if (host.WhyClosed is { } why)
            throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, $"does not accept runs now: {why}"));
    }

    // A command may be training it, next to the server.
    private static void DemandUnused(string id, RunFolder folder)
    {
        try
        {
            using var claim = new RunLock(folder);
        }
        catch (BadInputException fault)
        {
            throw RunRefusedException.Conflict(id, fault.Message);
        }
    }

    private static void DemandWorkers(int workers)
    {
        const int Most = 1024;
        if (workers is < 1 or > Most)
            throw new BadInputException("request", "workers", FormattableString.Invariant($"{workers}"),
                $"a whole number from 1 to {Most}");
    }
}
