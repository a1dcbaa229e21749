using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// In charge of a sweep of a cluster, from taking a generation of its fence to writing its last state. Two of them may live at once for a while: the
/// one with the newer generation is in charge, and the other can write nothing more.
/// </summary>
public sealed class SweepKeeper : ISweepObserver, IDisposable
{
    private const int MostNotes = 10;

    private readonly CancellationTokenSource _stop = new();
    private readonly SweepFolder _folder;
    private readonly SweepKeeperOptions _options;
    private readonly ServiceTrials _trials;
    private readonly string _id;
    private readonly Queue<string> _notes = [];
    private volatile SweepDriver? _driver;
    private volatile bool _yields;
    private Task _ended = Task.CompletedTask;

    /// <summary>A keeper; nothing happens yet.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">Store and trials.</param>
    public SweepKeeper(string id, SweepFolder folder, SweepKeeperOptions options)
    {
        _id = id;
        _folder = folder;
        _options = options;
        _trials = options.Trials(id);
    }

    /// <summary>Completes when it is no longer in charge; never faulted.</summary>
    public Task Ended => _ended;

    /// <summary>The sweep as it stands; null: its driver has not begun or has ended.</summary>
    public SweepSummary? Summary => _driver?.Summary();

    /// <summary>Takes charge, on a thread of its own: a fence may block.</summary>
    public void Start() => _ended = Task.Run(KeepAsync);

    /// <summary>Stops the trials with checkpoints, then writes the state that the store asks for.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Leaves the sweep to whoever takes it over; its trials go on.</summary>
    public void Yield()
    {
        _yields = true;
        _trials.LeaveRuns();
        _stop.Cancel();
    }

    /// <summary>Changes the sweep; false: its driver has not begun or has ended.</summary>
    /// <param name="overrides">Such as <c>parallel=4</c>.</param>
    /// <exception cref="BadInputException">See <see cref="SweepDriver.Change"/>.</exception>
    public bool TryChange(IReadOnlyList<string> overrides)
    {
        if (_driver is not { } driver) return false;
        driver.Change(overrides);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    void ISweepObserver.OnBegun(Trial trial, TrialRecord record)
    {
        // In sweep.jsonl, like everything that happens to trials.
    }

    void ISweepObserver.OnMeasured(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnEnded(TrialRecord record)
    {
        // As above.
    }

    void ISweepObserver.OnNotice(string message)
    {
        lock (_notes)
        {
            _notes.Enqueue(message);
            if (_notes.Count > MostNotes) _notes.Dequeue();
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            IGenerations fence = _options.Store.Generations(_id);
            int generation = fence.Take(0);
            await ChangeAsync(sweep => sweep.State == RunState.Queued ? sweep with { State = RunState.Running } : sweep);
            SweepSummary summary = await DriveAsync(() => Demand(fence, generation));
            if (summary.Status == "stopped" && _yields) return;
            fence.Demand(generation);

            // Also those that are not this keeper's: of one that died before it could stop them, or that were left while the store was away.
            if (summary.Status == "stopped") await _trials.StopRunsAsync();
            string? error = summary.Status == "failed" ? summary.Trials.Select(trial => trial.Error).FirstOrDefault(text => text is not null) : null;
            await ChangeAsync(sweep => sweep with
            {
                State = summary.Status switch
                {
                    "finished" => RunState.Finished,
                    "failed" => RunState.Failed,
                    _ => sweep.State.AtRest(),
                },
                Error = error,
                Notes = Notes(),
            });
            _options.Log?.Invoke($"{_id} is {summary.Status}");
        }
        catch (StaleGenerationException)
        {
            _options.Log?.Invoke($"{_id}: another silo is in charge of this sweep");
        }
        catch (BadInputException fault)
        {
            await FailAsync(fault.In("sweep.yaml"));
        }
        catch (Exception fault)
        {
            // A store or a folder that is away: the next look begins anew from what is on disk.
            _options.Log?.Invoke($"{_id}: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Before any trial hears of it: whoever is in charge now has their runs.
    private void Demand(IGenerations fence, int generation)
    {
        try
        {
            fence.Demand(generation);
        }
        catch
        {
            _trials.LeaveRuns();
            throw;
        }
    }

    private async Task<SweepSummary> DriveAsync(Action demand)
    {
        using SweepJournal journal = SweepJournal.Open(_folder.Path, _options.Time, demand);
        var driver = new SweepDriver(journal, _trials, new SweepDriverOptions { Observer = this, Time = _options.Time, Finishing = _options.Finishing });
        _driver = driver;
        try
        {
            return await driver.RunAsync(_stop.Token);
        }
        finally
        {
            _driver = null;
        }
    }

    private async Task FailAsync(BadInputException fault)
    {
        try
        {
            _options.Log?.Invoke($"{_id} failed: {fault.Message}");
            await ChangeAsync(sweep => sweep with { State = RunState.Failed, Error = fault.Message, Notes = Notes() });
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            _options.Log?.Invoke($"{_id}: {away.Message.ReplaceLineEndings(" ")}");
        }
    }

    private string[] Notes()
    {
        lock (_notes) return [.. _notes];
    }

    private async Task ChangeAsync(Func<StoredRun, StoredRun> change)
    {
        while (await _options.Store.FindAsync(_id, CancellationToken.None) is { } known)
        {
            StoredRun next = change(known);
            if (next == known || await _options.Store.ChangeAsync(next, CancellationToken.None) is not null) return;
        }
    }
}
