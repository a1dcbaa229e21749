using System.Runtime.CompilerServices;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Local;

/// <summary>
/// Executes runs in this process, in the order of their submission, in a folder of runs that is all its memory: a server that starts on the
/// folder again lists the runs that were in progress as stopped, to be resumed to the same weights, and goes on with those that were queued.
/// </summary>
public sealed class LocalRunService : IRunService, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LocalRunOptions _options;
    private readonly RunCatalog _catalog;
    private readonly DataGate _gate;
    private readonly FileStream _folderLock;
    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly RunCurves _curves = new();
    private readonly RunGallery _gallery;
    private readonly RestingRuns _resting = new();
    private readonly Dictionary<string, RunJob> _jobs = [];
    private readonly Queue<RunJob> _queue = [];
    private int _running;
    private bool _closing;

    /// <summary>Opens a folder of runs.</summary>
    /// <param name="options">How runs are executed.</param>
    /// <exception cref="BadInputException">The folder cannot be used, or another server uses it.</exception>
    public LocalRunService(LocalRunOptions options)
    {
        _options = options;
        _catalog = new RunCatalog(options.RunsFolder);
        foreach (string data in options.DataFolders)
            if (!Directory.Exists(data)) throw new BadInputException("--data", null, data, "a folder; there is none of this name");
        _gate = new DataGate(options.DataFolders);
        _folderLock = TakeFolder(_catalog.Path);
        _catalog.Sweep();
        _gallery = new RunGallery(options.Engine, new DatasetCache(), options.Time);
        lock (_lock)
        {
            foreach (string id in _catalog.Ids().Reverse())
            {
                RunFolder run = _catalog.Find(id);
                RunRecord record = RunRecord.Load(run.Path);
                if (record.State == RunState.Queued && !run.IsFinished) Queue_NeedsLock(run, record);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation)
    {
        int workers = submission.Workers ?? 1;
        DemandWorkers(workers);
        if (_catalog.WithKey(submission.Key) is { } known) return Describe(_catalog.Find(known), whole: true);
        RunSpec spec = _gate.Read(submission);

        // What does not fit the data is said now, not when the run's turn comes; one at a time, for data may be large.
        await _checking.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => Check(spec, submission), cancellation);
        }
        finally
        {
            _checking.Release();
        }

        var record = new RunRecord { Submitted = _options.Time.GetUtcNow(), Workers = workers, State = RunState.Queued };
        lock (_lock)
        {
            DemandOpen_NeedsLock();
            RunFolder run = _catalog.Add(spec, submission.Key, record.Save);
            RunJob job = Queue_NeedsLock(run, record);
            return RunDescription.Of(run, job, whole: true);
        }
    }

    /// <inheritdoc/>
    public Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        IEnumerable<string> ids = _catalog.Ids();
        if (after is not null) ids = ids.SkipWhile(id => id != after).Skip(1);
        List<string> page = [.. ids.Take(limit + 1)];
        RunInfo[] runs = [.. page.Take(limit).Select(id => Describe(_catalog.Find(id), whole: false))];
        return Task.FromResult(new RunPage(runs, page.Count > limit ? runs[^1].Id : null));
    }

    /// <inheritdoc/>
    public Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) => Task.FromResult(Describe(_catalog.Find(id), whole: true));

    /// <inheritdoc/>
    public Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) => Task.FromResult(End(id, RunState.Stopping, "cancelled"));

    /// <inheritdoc/>
    public Task<RunInfo> PauseAsync(string id, CancellationToken cancellation) => Task.FromResult(End(id, RunState.Pausing, "paused"));

    /// <inheritdoc/>
    public Task DeleteAsync(string id, CancellationToken cancellation)
    {
        RunFolder run = _catalog.Find(id);
        lock (_lock)
        {
            if (_jobs.TryGetValue(id, out RunJob? job))
                throw RunRefusedException.Conflict(id, $"this run is {job.Record.State.Word()}; only a run that is not in progress can be deleted");
            try
            {
                // Somebody may train it by hand, beside the server.
                using var claim = new RunLock(run);
            }
            catch (BadInputException fault)
            {
                throw RunRefusedException.Conflict(id, fault.Message);
            }

            _gallery.Forget(run);
            RunCatalog.Remove(run);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation)
    {
        if (workers is { } count) DemandWorkers(count);
        RunFolder run = _catalog.Find(id);
        lock (_lock)
        {
            DemandOpen_NeedsLock();
            if (_jobs.TryGetValue(id, out RunJob? job))
                throw RunRefusedException.Conflict(id, $"this run is {job.Record.State.Word()}; only a run that is not in progress can be resumed");
            if (run.IsFinished) return Task.FromResult(RunDescription.Of(run, null, whole: true));
            RunRecord record = RunRecord.Load(run.Path);
            job = Queue_NeedsLock(run, record with { Workers = workers ?? record.Workers });
            return Task.FromResult(RunDescription.Of(run, job, whole: true));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MetricsLine> FollowAsync(
        string id, MetricsPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var tail = new MetricsTail(_catalog.Find(id).MetricsPath, after);
        while (true)
        {
            // Asked before the file is read: what a run writes last is there by the time that it has ended.
            Task? inProgress = JobOf(id)?.Ended;
            bool last = inProgress is null or { IsCompleted: true };
            while (tail.TryRead(out MetricsLine line))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }

            if (last) yield break;
            await inProgress!.WaitAsync(_options.PollInterval, _options.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation)
    {
        RunFolder run = _catalog.Find(id);
        string path = file == RunArtifact.Report ? run.ReportPath : run.ResultPath;
        return Task.FromResult<Stream?>(
            File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null);
    }

    /// <inheritdoc/>
    public Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult(_closing ? "the server is stopping" : Directory.Exists(_catalog.Path) ? null : $"the folder {_catalog.Path} is gone");
    }

    /// <inheritdoc/>
    public Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation)
    {
        RunFolder run = _catalog.Find(id);
        return Task.Run(() => _curves.Read(run.MetricsPath, points), cancellation);
    }

    /// <inheritdoc/>
    public Task<RunModel> InspectAsync(string id, CancellationToken cancellation) =>
        _gallery.InspectAsync(_catalog.Find(id), LiveOf(id), cancellation);

    /// <inheritdoc/>
    public Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation) =>
        _gallery.DrawAsync(_catalog.Find(id), LiveOf(id), request, cancellation);

    /// <inheritdoc/>
    public Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation) =>
        _gallery.EncodeAsync(_catalog.Find(id), LiveOf(id), example, cancellation);

    /// <inheritdoc/>
    public Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation)
    {
        _catalog.Find(id);
        return Task.FromResult(JobOf(id) is { } job ? RunWorkers.Of([], job.Timeline.Last(RunWorkers.Steps)) : RunWorkers.None);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(CheckpointFiles.List(_catalog.Find(id)));

    /// <inheritdoc/>
    public Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation) =>
        Task.FromResult(CheckpointFiles.Open(_catalog.Find(id), checkpoint, file));

    /// <summary>Stops every run in progress, each with a checkpoint, and returns when all of them have; what is queued stays so on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ends;
        lock (_lock)
        {
            if (_closing) return;
            _closing = true;
            while (_queue.TryPeek(out RunJob? waiting)) End_NeedsLock(waiting, RunState.Queued);
            foreach (RunJob job in _jobs.Values) job.Stop();
            ends = [.. _jobs.Values.Select(job => job.Ended)];
        }

        await Task.WhenAll(ends);
        _gallery.Dispose();
        _checking.Dispose();
        await _folderLock.DisposeAsync();
    }

    private RunInfo Describe(RunFolder run, bool whole)
    {
        RunJob? job = JobOf(Path.GetFileName(run.Path));
        return job is null && !whole ? _resting.Describe(run) : RunDescription.Of(run, job, whole);
    }

    private RunInfo End(string id, RunState word, string participle)
    {
        RunFolder run = _catalog.Find(id);
        lock (_lock)
        {
            if (!_jobs.TryGetValue(id, out RunJob? job))
            {
                RunState state = RunDescription.Of(run, null, whole: false).State;
                throw RunRefusedException.Conflict(id, $"this run is {state.Word()}; only a run in progress can be {participle}");
            }

            if (job.Record.State == RunState.Queued) End_NeedsLock(job, word.AtRest());
            else job.Stop(word);
            return RunDescription.Of(run, job, whole: true);
        }
    }

    // A run that waits for its turn has no weights but those of its checkpoint.
    private LiveWeights? LiveOf(string id) => JobOf(id) is { } job && job.Record.State != RunState.Queued ? job.Live : null;

    private RunJob? JobOf(string id)
    {
        lock (_lock) return _jobs.GetValueOrDefault(id);
    }

    private RunJob Queue_NeedsLock(RunFolder run, RunRecord record)
    {
        var job = new RunJob(run, record, _options);
        _jobs.Add(job.Id, job);
        _queue.Enqueue(job);
        StartNext_NeedsLock();
        return job;
    }

    private void StartNext_NeedsLock()
    {
        while (!_closing && _running < _options.Parallel && _queue.TryDequeue(out RunJob? job))
        {
            _running++;
            job.Begin();
            new Thread(() => Execute(job)) { IsBackground = true, Name = job.Id }.Start();
        }
    }

    private void Execute(RunJob job)
    {
        job.Execute();
        lock (_lock)
        {
            _running--;
            Forget_NeedsLock(job);
            StartNext_NeedsLock();
        }
    }

    // For a run that was never begun.
    private void End_NeedsLock(RunJob job, RunState state)
    {
        RunJob[] others = [.. _queue.Where(waiting => waiting != job)];
        _queue.Clear();
        foreach (RunJob other in others) _queue.Enqueue(other);
        job.Leave(state);
        Forget_NeedsLock(job);
    }

    private void Forget_NeedsLock(RunJob job)
    {
        _jobs.Remove(job.Id);
        job.SayEnded();
        job.Dispose();
    }

    private void DemandOpen_NeedsLock()
    {
        if (_closing) throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, "is stopping and takes no runs"));
    }

    private void Check(RunSpec spec, RunSubmission submission)
    {
        try
        {
            string never = Path.Combine(_catalog.Path, $".check-{Guid.NewGuid():N}");
            TrainingRun.Prepare(spec, never, force: false, JudgedTraining.Options(_options.Engine) with { Workers = submission.Workers ?? 1 });
        }
        catch (BadInputException fault) when (submission.FileName is not null)
        {
            throw fault.In(submission.FileName);
        }
    }

    private static void DemandWorkers(int workers)
    {
        const int Most = 1024;
        if (workers is < 1 or > Most)
            throw new BadInputException("request", "workers", FormattableString.Invariant($"{workers}"), $"a whole number from 1 to {Most}");
    }

    private static FileStream TakeFolder(string folder)
    {
        string path = Path.Combine(folder, ".server.lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new BadInputException("--runs", null, folder, "a folder that no other server uses", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("--runs", null, folder, $"a folder that can be written to ({fault.Message})", fault);
        }
    }
}
