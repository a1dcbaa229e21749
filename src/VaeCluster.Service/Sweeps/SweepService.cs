using System.Runtime.CompilerServices;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// The sweep service on every host. Sweeps are folders next to those of the runs, a store of the same kind keeps their states, and the host
/// drives those in progress. If a host ends or dies, the next one continues what was in progress.
/// </summary>
/// <param name="options">Store, folders and trials.</param>
/// <param name="host">The host that drives the sweeps.</param>
public sealed class SweepService(SweepServiceOptions options, ISweepHost host) : ISweepService, IDisposable
{
    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly ServiceStates<SweepFolder> _states = new(options.Keeper.Store, options.Keeper.Catalog, "sweep");
    private readonly Submissions<SweepFolder> _submissions = new(options.Keeper.Store, options.Keeper.Catalog, "sweep");
    private readonly SweepGate _gate = new(options.Gate);
    private readonly RunCatalog _runs = new(options.Keeper.Catalog.Path);

    private SweepCatalog Catalog => options.Keeper.Catalog;

    private IRunStore Store => options.Keeper.Store;

    /// <inheritdoc/>
    public void Dispose() => _checking.Dispose();

    /// <inheritdoc/>
    public async Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation)
    {
        string hash = SubmissionKeys.HashOf(submission);
        if (await _submissions.FindAsync(submission.Key, hash, Again, cancellation) is { } known) return await BeginAsync(known);
        SweepSpec spec = _gate.Read(submission);

        // Check against the data now, not when the sweep's turn comes. One check at a time, since data may be large.
        await _checking.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => SweepStart.Check(spec, submission.FileName ?? "sweep file", options.Keeper.Trials(string.Empty)),
                cancellation);
            DemandOpen();
        }
        finally
        {
            _checking.Release();
        }

        return await BeginAsync(await _submissions.AddAsync(
            submission.Key, hash, () => Catalog.Add(spec, submission.Key, hash, Queued(string.Empty, spec)), Again, cancellation));

        StoredRun Again(SweepFolder folder) => Queued(Path.GetFileName(folder.Path), SweepFile.Load(folder.SpecPath, []));

        async Task<SweepInfo> BeginAsync(string id)
        {
            await host.LookAsync(id);
            return await ShowAsync(id, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        (SweepInfo[] sweeps, string? next) = await _states.ListAsync(limit, after, sweep => DescribeAsync(sweep, whole: false),
            cancellation);
        return new SweepPage(sweeps, next);
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation) =>
        await DescribeAsync(await _states.LookUpAsync(id, cancellation), whole: true);

    /// <inheritdoc/>
    public Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Pausing, "paused", cancellation);

    /// <inheritdoc/>
    public Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation) =>
        EndAsync(id, RunState.Stopping, "cancelled", cancellation);

    /// <inheritdoc/>
    public async Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation)
    {
        DemandOpen();
        StoredRun sweep = await _states.ResumeAsync(id, null, cancellation);
        if (sweep.State == RunState.Queued) await host.LookAsync(id);
        return await ShowAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            StoredRun sweep = await _states.FindAsync(id, cancellation);
            _states.DemandDeletable(sweep);
            SweepFolder folder = Catalog.Find(id);
            DemandUnused(id, folder);

            // Delete the runs first and the folder last. As long as a run with a key of this sweep exists, the sweep's number must stay
            // taken, or a new sweep would adopt the run. After a crash in between, deleting again completes it.
            await DeleteRunsAsync(id, cancellation);
            if (await TryHideAsync(sweep, folder, cancellation) is not { } hidden) continue;
            await Task.Run(() => DeletedFolders.Delete(hidden), CancellationToken.None);
            return;
        }
    }

    // Null if it was changed in the meantime.
    private async Task<string?> TryHideAsync(StoredRun sweep, SweepFolder folder, CancellationToken cancellation)
    {
        await using IAsyncDisposable turn = await Store.LockAsync(cancellation);
        if ((await _states.FindAsync(sweep.Id, cancellation)).Version != sweep.Version) return null;
        if (!await _states.RemoveAsync(sweep, cancellation)) return null;

        // A driver that still runs somewhere can write nothing more.
        await Task.Run(() => Store.Generations(sweep.Id).Take(0), cancellation);
        return DeletedFolders.Hide(folder.Path);
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation)
    {
        DemandOpen();
        StoredRun sweep = await _states.FindAsync(id, cancellation);
        if (sweep.State.IsInProgress() && await host.ChangeAsync(id, overrides)) return await ShowAsync(id, cancellation);
        if (sweep.State.IsInProgress() && sweep.State != RunState.Queued)
            throw new RunRefusedException(RunRefusal.Busy,
                new BadInputException("sweep", null, id, "is just beginning or ending; try again"));

        // No driver is running, so this call takes a generation for the change.
        await Task.Run(() => Change(id, overrides), cancellation);

        // A finished sweep with more trials has work to do again.
        sweep = await _states.ChangeAsync(id, known => known.State == RunState.Finished
            ? known with { State = RunState.Queued }
            : known, cancellation);
        if (sweep.State == RunState.Queued) await host.LookAsync(id);
        return await ShowAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        SweepTail tail = OpenLog(id, after);
        while (true)
        {
            // Ask before reading the file: once a sweep has ended, its last lines are in the file.
            Task? end = host.EndOf(id);
            bool last = !await IsInProgressAsync(id, cancellation);
            foreach (SweepEvent line in tail.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }

            if (last) yield break;
            Task pause = Task.Delay(options.PollInterval, options.Keeper.Time, cancellation);
            await (end is { IsCompleted: false } ? Task.WhenAny(end, pause) : pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation)
    {
        await _states.LookUpAsync(id, cancellation);
        return SweepCatalog.Open(Catalog.Find(id), file);
    }

    /// <summary>Queues what a host that died was about to queue.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    public async Task AdoptAsync(CancellationToken cancellation)
    {
        foreach (string id in await _submissions.AdoptAsync(cancellation)) await host.LookAsync(id);
    }

    /// <summary>Whether a sweep is in progress: queued, running, pausing or stopping.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is unknown.</exception>
    public async Task<bool> IsInProgressAsync(string id, CancellationToken cancellation) =>
        (await _states.LookUpAsync(id, cancellation)).State.IsInProgress();

    /// <summary>Opens the log of a sweep after a given line.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The number of the last line that the caller has; 0 for none.</param>
    /// <param name="offset">Where that line ends, see <see cref="SweepTail.Offset"/>; 0 if unknown.</param>
    /// <exception cref="RunRefusedException">The sweep is unknown.</exception>
    public SweepTail OpenLog(string id, long after, long offset = 0) => new(Catalog.Find(id), after, offset);

    private StoredRun Queued(string id, SweepSpec spec) => new()
    {
        Id = id,
        Submitted = options.Keeper.Time.GetUtcNow(),
        Workers = spec.Parallel,
        State = RunState.Queued,
    };

    // If one run is still writing its last checkpoint, or was resumed on its own, delete none of them.
    private async Task DeleteRunsAsync(string id, CancellationToken cancellation)
    {
        IReadOnlyList<string> trials = _runs.WithKeysUnder(ServiceTrials.Keys(id));
        foreach (string trial in trials)
        {
            RunInfo run = await options.Runs.ShowAsync(trial, cancellation);
            if (run.State.IsInProgress())
                throw _states.Conflict(id,
                    $"its run {trial} is {run.State.Word()}; only a sweep whose runs are not in progress can be deleted");
        }

        foreach (string trial in trials)
        {
            try
            {
                await options.Runs.DeleteAsync(trial, cancellation);
            }
            catch (RunRefusedException fault) when (fault.Reason == RunRefusal.NotFound)
            {
                // Another request deletes the same sweep.
            }
        }
    }

    private void Change(string id, IReadOnlyList<string> overrides)
    {
        using SweepJournal journal = SweepJournal.Open(Catalog.Find(id).Path, options.Keeper.Time, options.Keeper.TakeCharge(id));
        journal.Change(SweepChange.Apply(journal.Spec, overrides, SweepDriver.BegunIn(journal)), overrides);
    }

    private async Task<SweepInfo> EndAsync(string id, RunState word, string participle, CancellationToken cancellation)
    {
        StoredRun sweep = await _states.EndAsync(id, word, participle, cancellation);
        await host.LookAsync(id);
        return await DescribeAsync(sweep, whole: true);
    }

    private async Task<SweepInfo> DescribeAsync(StoredRun sweep, bool whole)
    {
        SweepSummary? now = sweep.State.IsInProgress() ? await host.SummaryAsync(sweep.Id) : null;
        return SweepCatalog.Describe(Catalog.Find(sweep.Id), sweep, now, whole);
    }

    private void DemandOpen()
    {
        if (host.WhyClosed is { } why)
            throw new RunRefusedException(RunRefusal.Busy,
                new BadInputException("server", null, null, $"does not accept sweeps now: {why}"));
    }

    // A command may be continuing it, next to the server.
    private void DemandUnused(string id, SweepFolder folder)
    {
        try
        {
            using IDisposable claim = SweepJournal.Claim(folder);
        }
        catch (BadInputException fault)
        {
            throw _states.Conflict(id, fault.Message);
        }
    }
}
