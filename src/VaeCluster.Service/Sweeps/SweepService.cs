using System.Runtime.CompilerServices;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// The service of sweeps on every host: sweeps are folders among those of the runs, a store of the same kind remembers where they stand,
/// and the host drives those that are in progress. What is in progress when a host ends or dies goes on with the next one.
/// </summary>
/// <param name="options">Store, folders and trials.</param>
/// <param name="host">Drives the sweeps.</param>
public sealed class SweepService(SweepServiceOptions options, ISweepHost host) : ISweepService, IDisposable
{
    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly ServiceStates<SweepFolder> _states = new(options.Keeper.Store, options.Keeper.Catalog, "sweep");
    private readonly SweepGate _gate = new(options.Gate);
    private readonly RunCatalog _runs = new(options.Keeper.Catalog.Path);

    private SweepCatalog Catalog => options.Keeper.Catalog;

    private IRunStore Store => options.Keeper.Store;

    /// <inheritdoc/>
    public void Dispose() => _checking.Dispose();

    /// <inheritdoc/>
    public async Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation)
    {
        if (Catalog.WithKey(submission.Key) is { } known) return await SubmitAgainAsync(known, cancellation);
        SweepSpec spec = _gate.Read(submission);
        SweepFolder folder;

        // What does not fit the data is said now, not when the sweep's turn comes; one at a time, for data may be large.
        await _checking.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => SweepStart.Check(spec, submission.FileName ?? "sweep file", options.Keeper.Trials(string.Empty)),
                cancellation);
            DemandOpen();
            if (Catalog.WithKey(submission.Key) is { } first) return await SubmitAgainAsync(first, cancellation);
            folder = Catalog.Add(spec, submission.Key);
        }
        finally
        {
            _checking.Release();
        }

        StoredRun sweep = Queued(folder, spec);
        try
        {
            // With a key whoever has added it meant the same sweep.
            if (!await Store.AddAsync(sweep, cancellation) && submission.Key is null)
                throw _states.Conflict(sweep.Id, "the store has a sweep of this name without a folder");
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }

        await host.LookAsync(sweep.Id);
        return await ShowAsync(sweep.Id, cancellation);
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

            // The runs go first and the folder last. While a run with a key of the sweep's is left nothing else gets the sweep's number,
            // for it would take the run for its own; and a crash in between leaves a sweep that is deleted by asking again.
            await DeleteRunsAsync(id, cancellation);
            if (!await _states.RemoveAsync(sweep, cancellation)) continue;

            // Whoever still takes itself to be in charge writes no more.
            await Task.Run(() => Store.Generations(id).Take(0), cancellation);
            DeletedFolders.Remove(folder.Path);
            return;
        }
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation)
    {
        DemandOpen();
        StoredRun sweep = await _states.FindAsync(id, cancellation);
        if (sweep.State.IsInProgress() && await host.ChangeAsync(id, overrides)) return await ShowAsync(id, cancellation);
        if (sweep.State.IsInProgress() && sweep.State != RunState.Queued)
            throw new RunRefusedException(RunRefusal.Busy, new BadInputException("sweep", null, id, "begins or ends just now; try again"));

        // Nobody is in charge: whoever changes it is, for a moment.
        await Task.Run(() => Change(id, overrides), cancellation);

        // More trials of a finished sweep: there is something to do again.
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
            // Asked before the file is read: what a sweep writes last is there by the time that it has ended.
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

    /// <summary>Whether a sweep waits, trains or saves its trials.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">There is no such sweep.</exception>
    public async Task<bool> IsInProgressAsync(string id, CancellationToken cancellation) =>
        (await _states.LookUpAsync(id, cancellation)).State.IsInProgress();

    /// <summary>Reads the log of a sweep from a line on.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The last line that the caller has; 0: none.</param>
    /// <param name="offset">Where that line ends, see <see cref="SweepTail.Offset"/>; 0: unknown.</param>
    /// <exception cref="RunRefusedException">There is no such sweep.</exception>
    public SweepTail OpenLog(string id, long after, long offset = 0) => new(Catalog.Find(id), after, offset);

    // The one who submitted it first may have died between making the folder and telling the store.
    private async Task<SweepInfo> SubmitAgainAsync(string id, CancellationToken cancellation)
    {
        SweepFolder folder = Catalog.Find(id);
        if (await Store.AddAsync(Queued(folder, SweepFile.Load(folder.SpecPath, [])), cancellation)) await host.LookAsync(id);
        return await ShowAsync(id, cancellation);
    }

    private StoredRun Queued(SweepFolder folder, SweepSpec spec) => new()
    {
        Id = Path.GetFileName(folder.Path),
        Submitted = options.Keeper.Time.GetUtcNow(),
        Workers = spec.Parallel,
        State = RunState.Queued,
    };

    // A run that still writes its last checkpoint, or that somebody has resumed by itself, keeps all of them.
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

        foreach (string trial in trials) await options.Runs.DeleteAsync(trial, cancellation);
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
            throw new RunRefusedException(RunRefusal.Busy, new BadInputException("server", null, null, $"takes no sweeps now: {why}"));
    }

    // Somebody may go on with it by hand, beside the server.
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
