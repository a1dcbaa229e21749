using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Distributed.Coordination;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Service.Runs;

/// <summary>
/// In charge of one run on one silo: a thread of its own takes a generation, trains to the end over the cluster, and writes how it ended where
/// every silo can read it. Whoever finds a newer generation lets go without a word.
/// </summary>
public sealed class RunDriver : IRunObserver, IDisposable
{
    private const int MostNotes = 10;

    private readonly Lock _lock = new();
    private readonly RunDriverOptions _options;
    private readonly RunFolder _folder;
    private readonly ClusterRoster _roster;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _id;
    private StoredRun _record;
    private DistributedCluster? _cluster;
    private volatile bool _yields;
    private volatile int _step;

    /// <summary>Prepares to take charge.</summary>
    /// <param name="run">The run as the store has it.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">What to work with.</param>
    public RunDriver(StoredRun run, RunFolder folder, RunDriverOptions options)
    {
        _id = run.Id;
        _record = run;
        _folder = folder;
        _options = options;
        _step = RunCatalog.LastStep(folder);
        _roster = new ClusterRoster(options.Time, options.Lease, tick: options.Lease / 10);
    }

    /// <summary>Completes when the driver is no longer in charge and has said so in the store.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The last step that is done.</summary>
    public int Step => _step;

    /// <summary>The workers that take part.</summary>
    public IReadOnlyList<string> Workers => _cluster?.Workers ?? [];

    /// <summary>The workers and what they have done in the last steps, as far as they answer.</summary>
    public async Task<RunWorkers> WorkersAsync()
    {
        if (_cluster is not { } cluster) return RunWorkers.None;
        IReadOnlyList<PhaseSpan> spans = await cluster.PhasesAsync(RunWorkers.Steps);
        return RunWorkers.Of(cluster.Workers, spans);
    }

    /// <summary>Starts the thread.</summary>
    public void Start() => new Thread(Drive) { IsBackground = true, Name = $"coordinator {_id}" }.Start();

    /// <summary>A silo lives.</summary>
    /// <param name="beat">Its beat.</param>
    public void Beat(SiloBeat beat) => _roster.Beat(beat);

    /// <summary>Stops the run after the step in progress, with a checkpoint.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops here, with a checkpoint, for another silo to go on.</summary>
    public void Yield()
    {
        _yields = true;
        _stop.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _roster.Dispose();
        _stop.Dispose();
    }

    void IRunObserver.OnStarted(RunStart start)
    {
        _step = start.FirstStep - 1;
        Change(record => record with
        {
            Beginning = new RunBeginning(start.FirstStep, start.StepsPerEpoch, start.TotalSteps, start.Parameters, start.Threads, start.Engine),
        });
    }

    void IRunObserver.OnStep(in StepRecord record) => _step = record.Step;

    void IRunObserver.OnEpoch(EpochRecord record)
    {
        // In metrics.jsonl, like everything that is measured.
    }

    void IRunObserver.OnEvaluation(EvaluationRecord record)
    {
        // As above.
    }

    void IRunObserver.OnCheckpoint(int step)
    {
        // On disk; it changes nothing for those who watch.
    }

    void IRunObserver.OnNotice(string message) => Note(message);

    private void Drive()
    {
        try
        {
            StoredRun? outcome = Train();
            if (outcome is not null) Settle(record => record with { State = EndOf(record, outcome), Error = outcome.Error });
        }
        catch (StaleGenerationException fault)
        {
            _options.Log?.Invoke($"{_id}: {fault.Message}");
        }
        catch (Exception fault)
        {
            _options.Log?.Invoke($"{_id}: its end could not be recorded: {fault.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // Whether it was told to pause or to stop for good the store knows.
    private static RunState EndOf(StoredRun record, StoredRun outcome) =>
        outcome.State == RunState.Stopped && record.State.IsEnding() ? record.State.AtRest() : outcome.State;

    // How the run ended; null: it goes on elsewhere.
    private StoredRun? Train()
    {
        try
        {
            if (_record.State == RunState.Queued) Change(record => record.State == RunState.Queued ? record with { State = RunState.Running } : record);
            if (_record.State.IsEnding()) _stop.Cancel();
            TrainingOptions training = _options.Training with
            {
                Cluster = MakeCluster,
                Generations = _options.Store.Generations(_id),
                Datasets = _options.Silo.Datasets,
                Places = _options.Silo.Places.Find,
                Workers = _record.Workers,
                Observer = this,
                Time = _options.Time,
            };
            RunResult result = TrainingRun.PrepareResume(_folder.Path, training).Execute(_stop.Token);
            _options.Log?.Invoke($"{_id} finished after {result.Steps} steps");
            return _record with { State = RunState.Finished };
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _options.Log?.Invoke(_yields ? $"{_id} goes on on another silo after step {_step}" : $"{_id} stopped at step {_step}");
            return _yields ? null : _record with { State = RunState.Stopped };
        }
        catch (StaleGenerationException)
        {
            throw;
        }
        catch (Exception fault)
        {
            string error = (fault is BadInputException bad ? bad.In("run.yaml") : fault).Message.ReplaceLineEndings(" ");
            _options.Log?.Invoke($"{_id} failed: {error}");
            return _record with { State = RunState.Failed, Error = error };
        }
    }

    private DistributedCluster MakeCluster(TrainingRun run)
    {
        var ticket = new RunTicket(_id, RunFile.Write(run.Spec), run.Data.Fingerprint());
        return _cluster = new DistributedCluster(new DistributedClusterOptions
        {
            Ticket = ticket,
            Silo = _options.Silo,
            Roster = _roster,
            Links = _options.Links,
            Layout = run.Model.Layout,
            Moments = OptimizerFactory.Create(run.Spec.Training).Moments,
            Shards = run.Spec.Training.Shards,
            ExchangeLength = run.Spec.Training.Batch * (run.Model.Objective.Coupling?.Statistics ?? 0),
            Workers = _record.Workers,
            Ranges = _options.Ranges,
            MixedArithmetic = _options.MixedArithmetic,
            Notice = Note,
            Time = _options.Time,
        });
    }

    private void Note(string message)
    {
        _options.Log?.Invoke($"{_id}: {message}");
        Change(record => record with { Notes = [.. record.Notes.TakeLast(MostNotes - 1), message] });
    }

    // Notes and beginnings are written when the store is there; training never waits for it.
    private void Change(Func<StoredRun, StoredRun> change)
    {
        lock (_lock)
        {
            _record = change(_record);
            _ = SaveAsync(change);
        }
    }

    private async Task SaveAsync(Func<StoredRun, StoredRun> change)
    {
        try
        {
            while (await _options.Store.FindAsync(_id, CancellationToken.None) is { } stored)
            {
                if (await _options.Store.ChangeAsync(change(stored), CancellationToken.None) is not null) return;
            }
        }
        catch (Exception fault)
        {
            _options.Log?.Invoke($"{_id}: not recorded: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    // The end must be recorded, however long the store is away; only by who is still in charge.
    private void Settle(Func<StoredRun, StoredRun> change)
    {
        long started = _options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                StoredRun? stored = _options.Store.FindAsync(_id, CancellationToken.None).GetAwaiter().GetResult();
                if (stored is null || _options.Store.ChangeAsync(change(stored), CancellationToken.None).GetAwaiter().GetResult() is not null) return;
            }
            catch (Exception) when (_options.Time.GetElapsedTime(started) < _options.StorePatience)
            {
                Task.Delay(TimeSpan.FromSeconds(1), _options.Time).GetAwaiter().GetResult();
            }
        }
    }
}
