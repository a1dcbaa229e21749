using System.Runtime.CompilerServices;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Service.Local;

/// <summary>
/// Executes sweeps in this process, one after the other in the order of their submission, beside the runs. The folder of runs is all its memory: a
/// server that starts on it again lists the sweeps that were in progress as stopped, to be resumed to the same weights, and goes on with those that
/// were queued.
/// </summary>
public sealed class LocalSweepService : ISweepService, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LocalSweepOptions _options;
    private readonly SweepCatalog _catalog;
    private readonly SweepGate _gate;
    private readonly InProcessTrials _runner;
    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly Dictionary<string, SweepJob> _jobs = [];
    private readonly Queue<SweepJob> _queue = [];
    private bool _isRunning;
    private bool _closing;

    /// <summary>Opens a folder of runs, which the service of runs has for itself already.</summary>
    /// <param name="options">How sweeps are executed.</param>
    public LocalSweepService(LocalSweepOptions options)
    {
        _options = options;
        _catalog = new SweepCatalog(options.RunsFolder);
        var data = new DataGate(options.DataFolders);
        _gate = new SweepGate(data);
        _runner = new InProcessTrials(options.Engine, options.Threads, run => data.Demand(run, null));
        Directory.CreateDirectory(_catalog.Path);
        lock (_lock)
        {
            foreach (string id in _catalog.Ids().Reverse())
            {
                SweepFolder sweep = _catalog.Find(id);
                SweepRecord record = SweepRecord.Load(sweep);
                if (record.State == SweepState.Queued) Queue_NeedsLock(sweep, record);
                else if (record.State is SweepState.Running or SweepState.Stopping) (record with { State = SweepState.Stopped }).Save(sweep.Path);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation)
    {
        if (_catalog.WithKey(submission.Key) is { } known) return Describe(_catalog.Find(known), whole: true);
        SweepSpec spec = _gate.Read(submission);

        // What does not fit the data is said now, not when the sweep's turn comes; one at a time, for data may be large.
        await _checking.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => SweepStart.Check(spec, submission.FileName ?? "sweep file", _runner), cancellation);
        }
        finally
        {
            _checking.Release();
        }

        var record = new SweepRecord { Submitted = _options.Time.GetUtcNow(), State = SweepState.Queued };
        lock (_lock)
        {
            DemandOpen_NeedsLock();

            // Asked again while the first one was checked.
            if (_catalog.WithKey(submission.Key) is { } first) return Describe(_catalog.Find(first), whole: true);
            SweepFolder sweep = _catalog.Add(spec, submission.Key, record.Save);
            return Describe(Queue_NeedsLock(sweep, record));
        }
    }

    /// <inheritdoc/>
    public Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        IEnumerable<string> ids = _catalog.Ids();
        if (after is not null) ids = ids.SkipWhile(id => id != after).Skip(1);
        List<string> page = [.. ids.Take(limit + 1)];
        SweepInfo[] sweeps = [.. page.Take(limit).Select(id => Describe(_catalog.Find(id), whole: false))];
        return Task.FromResult(new SweepPage(sweeps, page.Count > limit ? sweeps[^1].Id : null));
    }

    /// <inheritdoc/>
    public Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation) => Task.FromResult(Describe(_catalog.Find(id), whole: true));

    /// <inheritdoc/>
    public Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation) => Task.FromResult(Stop(id, SweepState.Paused));

    /// <inheritdoc/>
    public Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation) => Task.FromResult(Stop(id, SweepState.Stopped));

    /// <inheritdoc/>
    public Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation)
    {
        SweepFolder sweep = _catalog.Find(id);
        lock (_lock)
        {
            DemandOpen_NeedsLock();
            if (_jobs.TryGetValue(id, out SweepJob? job))
                throw RunRefusedException.Conflict(id, $"this sweep is {Word(job.Record.State)}; only a sweep that is not in progress can be resumed");
            SweepRecord record = SweepRecord.Load(sweep);
            if (record.State == SweepState.Finished) return Task.FromResult(Describe(sweep, whole: true));
            return Task.FromResult(Describe(Queue_NeedsLock(sweep, record)));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The trials' runs are in the sweep's folder.</remarks>
    public Task DeleteAsync(string id, CancellationToken cancellation)
    {
        SweepFolder sweep = _catalog.Find(id);
        lock (_lock)
        {
            if (_jobs.TryGetValue(id, out SweepJob? job))
                throw RunRefusedException.Conflict(id, $"this sweep is {Word(job.Record.State)}; only a sweep that is not in progress can be deleted");
            try
            {
                // Somebody may go on with it by hand, beside the server.
                using IDisposable claim = SweepJournal.Claim(sweep);
            }
            catch (BadInputException fault)
            {
                throw RunRefusedException.Conflict(id, fault.Message);
            }

            Graves.Bury(sweep.Path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation)
    {
        SweepFolder sweep = _catalog.Find(id);
        lock (_lock)
        {
            DemandOpen_NeedsLock();
            if (_jobs.TryGetValue(id, out SweepJob? job) && job.TryChange(overrides)) return Task.FromResult(Describe(job));
            if (job is { Record.State: SweepState.Running or SweepState.Stopping })
                throw new RunRefusedException(RunRefusal.Busy, new BadInputException("sweep", null, id, "begins or ends just now; try again"));
            using (SweepJournal journal = SweepJournal.Open(sweep.Path, _options.Time))
                journal.Change(SweepChange.Apply(journal.Spec, overrides, SweepDriver.BegunIn(journal)), overrides);

            // More trials of a finished sweep: there is something to do again.
            SweepRecord record = SweepRecord.Load(sweep);
            if (job is null && record.State == SweepState.Finished) return Task.FromResult(Describe(Queue_NeedsLock(sweep, record)));
            return Task.FromResult(Describe(sweep, whole: true));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var tail = new SweepTail(_catalog.Find(id), after);
        while (true)
        {
            // Asked before the file is read: what a sweep writes last is there by the time that it has ended.
            Task? inProgress = JobOf(id)?.Ended;
            bool last = inProgress is null or { IsCompleted: true };
            foreach (SweepEvent line in tail.Read())
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
    public Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation) => Task.FromResult(SweepCatalog.Open(_catalog.Find(id), file));

    /// <summary>Stops the sweep in progress, its trials with checkpoints, and returns when they have; what is queued stays so on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ends;
        lock (_lock)
        {
            if (_closing) return;
            _closing = true;
            while (_queue.TryDequeue(out SweepJob? waiting)) End_NeedsLock(waiting, SweepState.Queued);
            foreach (SweepJob job in _jobs.Values) job.Stop(SweepState.Stopped);
            ends = [.. _jobs.Values.Select(job => job.Ended)];
        }

        await Task.WhenAll(ends);
        _checking.Dispose();
    }

    private SweepInfo Stop(string id, SweepState state)
    {
        SweepFolder sweep = _catalog.Find(id);
        lock (_lock)
        {
            if (!_jobs.TryGetValue(id, out SweepJob? job))
            {
                SweepRecord record = SweepRecord.Load(sweep);
                throw RunRefusedException.Conflict(id, $"this sweep is {Word(record.State)}; only a sweep in progress can be paused or cancelled");
            }

            if (job.Record.State == SweepState.Queued)
            {
                SweepJob[] others = [.. _queue.Where(waiting => waiting != job)];
                _queue.Clear();
                foreach (SweepJob other in others) _queue.Enqueue(other);
                End_NeedsLock(job, state);
                return Describe(sweep, whole: true);
            }

            job.Stop(state);
            return Describe(job);
        }
    }

    private SweepInfo Describe(SweepFolder sweep, bool whole)
    {
        SweepJob? job = JobOf(Path.GetFileName(sweep.Path));
        return SweepCatalog.Describe(sweep, job?.Record ?? SweepRecord.Load(sweep), job?.Summary, whole);
    }

    private static SweepInfo Describe(SweepJob job) => SweepCatalog.Describe(job.Folder, job.Record, job.Summary, whole: true);

    private SweepJob? JobOf(string id)
    {
        lock (_lock) return _jobs.GetValueOrDefault(id);
    }

    private SweepJob Queue_NeedsLock(SweepFolder sweep, SweepRecord record)
    {
        var job = new SweepJob(sweep, record, _runner, _options);
        _jobs.Add(job.Id, job);
        _queue.Enqueue(job);
        StartNext_NeedsLock();
        return job;
    }

    private void StartNext_NeedsLock()
    {
        if (_closing || _isRunning || !_queue.TryDequeue(out SweepJob? job)) return;
        _isRunning = true;
        job.Begin();
        _ = Task.Run(() => ExecuteAsync(job));
    }

    private async Task ExecuteAsync(SweepJob job)
    {
        await job.ExecuteAsync();
        lock (_lock)
        {
            _isRunning = false;
            Forget_NeedsLock(job);
            StartNext_NeedsLock();
        }
    }

    // For a sweep that was never begun.
    private void End_NeedsLock(SweepJob job, SweepState state)
    {
        job.Leave(state);
        Forget_NeedsLock(job);
    }

    private void Forget_NeedsLock(SweepJob job)
    {
        _jobs.Remove(job.Id);
        job.SayEnded();
        job.Dispose();
    }

    private void DemandOpen_NeedsLock()
    {
        if (_closing) throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, "is stopping and takes no sweeps"));
    }

    private static string Word(SweepState state) => state.ToString().ToLowerInvariant();
}
