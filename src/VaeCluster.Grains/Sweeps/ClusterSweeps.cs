using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Grains.Runs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.Sweeps;

/// <summary>
/// The service of sweeps on a silo that serves: sweeps are folders among those of the runs, their state is in a store of the same kind, and a grain is in
/// charge of each. Any silo answers for any sweep.
/// </summary>
/// <param name="options">The sweeps' options.</param>
/// <param name="gate">Data that submitted sweeps may read.</param>
/// <param name="grains">Finds the grains in charge.</param>
/// <param name="runs">The service that trains the trials.</param>
public sealed class ClusterSweeps(SweepOptions options, DataGate gate, IGrainFactory grains, IRunService runs) : ISweepService, IDisposable
{
    private const int MostLogBytes = 1 << 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _checking = new(1, 1);
    private readonly SweepGate _gate = new(gate);
    private readonly RunCatalog _runs = new(options.Catalog.Path);

    private IRunStore Store => options.Keeper.Store;

    /// <inheritdoc/>
    public void Dispose() => _checking.Dispose();

    /// <inheritdoc/>
    public async Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation)
    {
        if (options.Catalog.WithKey(submission.Key) is { } known) return await SubmitAgainAsync(known, cancellation);
        SweepSpec spec = _gate.Read(submission);
        await _checking.WaitAsync(cancellation);
        try
        {
            await Task.Run(() => SweepStart.Check(spec, submission.FileName ?? "sweep file", options.Keeper.Trials(string.Empty)), cancellation);
        }
        finally
        {
            _checking.Release();
        }

        SweepFolder folder = options.Catalog.Add(spec, submission.Key, _ => { });
        StoredRun sweep = Queued(folder, spec);
        try
        {
            // With a key whoever has added it meant the same sweep.
            if (!await Store.AddAsync(sweep, cancellation) && submission.Key is null)
                throw RunRefusedException.Conflict(sweep.Id, "the store has a sweep of this name without a folder");
        }
        catch
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }

        await LookAsync(sweep.Id);
        return await DescribeAsync(sweep, whole: true);
    }

    /// <inheritdoc/>
    public async Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation)
    {
        IEnumerable<StoredRun> known = await Store.ListAsync(cancellation);
        if (after is not null) known = known.SkipWhile(sweep => sweep.Id != after).Skip(1);
        List<StoredRun> page = [.. known.Take(limit + 1)];
        SweepInfo[] sweeps = await Listing.DescribeAsync(page.Take(limit), sweep => DescribeAsync(sweep, whole: false));
        return new SweepPage(sweeps, page.Count > limit ? page[limit - 1].Id : null);
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation) => await DescribeAsync(await FindAsync(id, cancellation), whole: true);

    /// <inheritdoc/>
    public Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Pausing, "paused", cancellation);

    /// <inheritdoc/>
    public Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation) => EndAsync(id, RunState.Stopping, "cancelled", cancellation);

    /// <inheritdoc/>
    public async Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation)
    {
        StoredRun sweep = await ChangeAsync(id, known => known.State switch
        {
            RunState.Finished => known,
            RunState.Stopped or RunState.Paused or RunState.Failed => known with { State = RunState.Queued, Error = null, Notes = [] },
            _ => throw Conflict(id, $"this sweep is {known.State.Word()}; only a sweep that is not in progress can be resumed"),
        }, cancellation);
        if (sweep.State == RunState.Queued) await LookAsync(id);
        return await DescribeAsync(sweep, whole: true);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            StoredRun sweep = await FindAsync(id, cancellation);
            if (sweep.State.IsInProgress()) throw Conflict(id, $"this sweep is {sweep.State.Word()}; only a sweep that is not in progress can be deleted");

            // The runs go first and the folder last. While a run with a key of the sweep's is left nothing else gets the sweep's number, for it would
            // take the run for its own; and a crash in between leaves a sweep that is deleted by asking again.
            await DeleteRunsAsync(id, cancellation);
            if (!await Store.RemoveAsync(sweep, cancellation)) continue;
            SweepFolder folder = options.Catalog.Find(id);

            // A silo that still takes itself to be in charge writes no more.
            await Task.Run(() => Store.Generations(id).Take(0), cancellation);
            Graves.Bury(folder.Path);
            return;
        }
    }

    /// <inheritdoc/>
    public async Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation)
    {
        StoredRun sweep = await FindAsync(id, cancellation);
        if (sweep.State.IsInProgress())
        {
            if (!await grains.GetGrain<ISweepGrain>(id).ChangeAsync([.. overrides]))
                throw new RunRefusedException(RunRefusal.Busy, new BadInputException("sweep", null, id, "begins or ends just now; try again"));
            return await ShowAsync(id, cancellation);
        }

        // Nobody is in charge: whoever changes it is, for a moment.
        await Task.Run(() => Change(id, overrides), cancellation);
        if (sweep.State == RunState.Finished)
        {
            await ChangeAsync(id, known => known.State == RunState.Finished ? known with { State = RunState.Queued } : known, cancellation);
            await LookAsync(id);
        }

        return await ShowAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await FindAsync(id, cancellation);
        var tail = new SweepTail(options.Catalog.Find(id), after);
        while (true)
        {
            // Asked before the file is read: what a sweep writes last is there by the time that it has ended.
            bool last = !await IsInProgressAsync(id, cancellation);
            foreach (SweepEvent line in tail.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
            }

            if (last) yield break;
            await Task.Delay(PollInterval, options.Keeper.Time, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation)
    {
        await FindAsync(id, cancellation);
        return SweepCatalog.Open(options.Catalog.Find(id), file);
    }

    // The one who submitted it first may have died between making the folder and telling the store.
    private async Task<SweepInfo> SubmitAgainAsync(string id, CancellationToken cancellation)
    {
        SweepFolder folder = options.Catalog.Find(id);
        await Store.AddAsync(Queued(folder, SweepFile.Load(folder.SpecPath, [])), cancellation);
        await LookAsync(id);
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
            RunInfo run = await runs.ShowAsync(trial, cancellation);
            if (run.State.IsInProgress()) throw Conflict(id, $"its run {trial} is {run.State.Word()}; only a sweep whose runs are not in progress can be deleted");
        }

        foreach (string trial in trials) await runs.DeleteAsync(trial, cancellation);
    }

    /// <summary>See <see cref="ISweepsGrain.ReadLogAsync"/>.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The last line that the caller has.</param>
    /// <param name="offset">Where that line ends, as the batch before said.</param>
    internal async Task<SweepBatch> ReadLogAsync(string id, long after, long offset)
    {
        bool last = !await IsInProgressAsync(id, CancellationToken.None);
        var tail = new SweepTail(options.Catalog.Find(id), after, offset);
        IReadOnlyList<SweepEvent> lines = tail.Read(MostLogBytes);
        return new SweepBatch(
            [.. lines.Select(line => line.Position)], [.. lines.Select(line => line.Kind)], [.. lines.Select(line => line.Json.ToArray())], tail.Offset, last);
    }

    private void Change(string id, IReadOnlyList<string> overrides)
    {
        IGenerations fence = Store.Generations(id);
        int generation = fence.Take(0);
        using SweepJournal journal = SweepJournal.Open(options.Catalog.Find(id).Path, options.Keeper.Time, () => fence.Demand(generation));
        journal.Change(SweepChange.Apply(journal.Spec, overrides, SweepDriver.BegunIn(journal)), overrides);
    }

    private async Task<SweepInfo> EndAsync(string id, RunState word, string participle, CancellationToken cancellation)
    {
        StoredRun sweep = await ChangeAsync(id, known => known.State.IsInProgress()
            ? known with { State = word }
            : throw Conflict(id, $"this sweep is {known.State.Word()}; only a sweep in progress can be {participle}"), cancellation);
        await LookAsync(id);
        return await DescribeAsync(sweep, whole: true);
    }

    private async Task<SweepInfo> DescribeAsync(StoredRun sweep, bool whole)
    {
        SweepSummary? now = null;
        if (sweep.State.IsInProgress())
        {
            try
            {
                string? json = await grains.GetGrain<ISweepGrain>(sweep.Id).SummaryAsync();
                now = json is null ? null : JsonSerializer.Deserialize<SweepSummary>(json, SweepJson.Line);
            }
            catch (Exception fault) when (fault is TimeoutException or OrleansException)
            {
                // It moves to another silo just now: the files tell where it stands.
            }
        }

        var known = new SweepRecord { Submitted = sweep.Submitted, State = StateOf(sweep.State), Notes = sweep.Notes, Error = sweep.Error };
        return SweepCatalog.Describe(options.Catalog.Find(sweep.Id), known, now, whole);
    }

    private async Task<bool> IsInProgressAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return (await FindAsync(id, cancellation)).State.IsInProgress();
        }
        catch (Exception fault) when (fault is not (RunRefusedException or OperationCanceledException))
        {
            // Whoever watches a sweep goes on watching while the store is away.
            return true;
        }
    }

    private async Task<StoredRun> FindAsync(string id, CancellationToken cancellation)
    {
        _ = options.Catalog.Find(id);
        return await Store.FindAsync(id, cancellation) ?? throw RunRefusedException.NoSuchSweep(id);
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

    // The next look of any silo tells the grain too; this is only sooner.
    private async Task LookAsync(string id)
    {
        try
        {
            await grains.GetGrain<ISweepGrain>(id).LookAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            options.Keeper.Log?.Invoke($"{id}: whoever is in charge of it cannot be reached yet: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static RunRefusedException Conflict(string id, string allowed) => new(RunRefusal.Conflict, new BadInputException("sweep", null, id, allowed));

    private static SweepState StateOf(RunState state) => state switch
    {
        RunState.Queued => SweepState.Queued,
        RunState.Running => SweepState.Running,
        RunState.Stopping or RunState.Pausing => SweepState.Stopping,
        RunState.Paused => SweepState.Paused,
        RunState.Failed => SweepState.Failed,
        RunState.Finished => SweepState.Finished,
        _ => SweepState.Stopped,
    };
}
