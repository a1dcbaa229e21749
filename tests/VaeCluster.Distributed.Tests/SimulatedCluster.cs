using VaeCluster.Distributed.Membership;
using VaeCluster.Engine.Managed;
using VaeCluster.Exchange;
using VaeCluster.Grains.Coordination;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Tests.Runs;

namespace VaeCluster.Distributed.Tests;

/// <summary>
/// Silos of one process that beat every few milliseconds, a store, and drivers of one run: what a platform would do is done by the test.
/// Faults are made when the run has reached a step.
/// </summary>
internal sealed class SimulatedCluster : IDisposable
{
    internal const string Run = "run";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly TrainingFixture _fixture;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly List<RunDriver> _drivers = [];
    private readonly List<(int Step, Func<Task> Fault)> _faults = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Timer _beats;
    private readonly List<string> _notes = [];
    private Task _held = Task.CompletedTask;
    private TaskCompletionSource _pumped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SimulatedCluster(TrainingFixture fixture)
    {
        _fixture = fixture;
        _beats = new Timer(_ => Pump(), null, Beat, Beat);
    }

    internal CancellationToken Ending => _ending.Token;

    internal int PieceLength { get; init; } = 5000;

    internal int? Ranges { get; init; }

    /// <summary>The clock of the coordinators.</summary>
    internal BeatTime Time { get; init; } = new();

    internal TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Called with the silo whose range is asked to send its weights to somebody more.</summary>
    internal Action<SimulatedSilo>? OnSubscribe { get; set; }

    /// <summary>Which notes and tensors between two silos are lost on the way.</summary>
    internal Func<TensorHeader, bool>? Loses { get; set; }

    internal MemoryStore Store { get; } = new();

    internal IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes) return [.. _notes];
        }
    }

    internal void Note(string line)
    {
        lock (_notes) _notes.Add(line);
    }

    internal SimulatedSilo Add(string name, int devices = 1, bool serves = true, IEngine? engine = null)
    {
        lock (_silos)
        {
            var silo = new SimulatedSilo(this, name, 1 + _silos.Count, devices, serves, engine);
            _silos.Add(silo);
            return silo;
        }
    }

    internal SimulatedSilo? Find(SiloEndpoint address)
    {
        lock (_silos) return _silos.FirstOrDefault(silo => silo.Silo.Address == address);
    }

    internal void At(int step, Action fault) => At(step, () =>
    {
        fault();
        return Task.CompletedTask;
    });

    internal void At(int step, Func<Task> fault) => _faults.Add((step, fault));

    /// <summary>
    /// A step is about to be closed: the faults that are due happen, and the run waits until they are over and the beats have told of them.
    /// </summary>
    internal Task ReachedAsync(int step)
    {
        lock (_faults)
        {
            Func<Task>[] due = [.. _faults.Where(fault => fault.Step <= step).Select(fault => fault.Fault)];
            _faults.RemoveAll(fault => fault.Step <= step);
            return due.Length == 0 ? _held : _held = HoldAsync(due);
        }
    }

    internal async Task SubmitAsync(string text = "", int epochs = 3, int workers = 64)
    {
        Directory.CreateDirectory(_fixture.In(Run));
        File.WriteAllText(new RunFolder(_fixture.In(Run)).SpecPath, Core.Specs.RunFile.Write(_fixture.Spec(text, epochs)));
        await Store.AddAsync(new StoredRun
        {
            Id = Run,
            Submitted = DateTimeOffset.UnixEpoch,
            Workers = workers,
            State = RunState.Queued,
        }, default);
    }

    /// <summary>A silo takes charge, as a coordinator does when it is activated.</summary>
    internal RunDriver Drive(SimulatedSilo silo)
    {
        var execution = new DistributedExecution(
            new DistributedExecutionOptions
            {
                Generations = Store.Generations,
                Silo = silo.Silo,
                Links = new SimulatedLinks(this, silo),
                Training = TrainingFixture.Options(engine: () => new ManagedEngine()),
                Ranges = Ranges,
                Lease = Lease,
            },
            Time);
        var driver = new RunDriver(Run, new RunFolder(_fixture.In(Run)), execution, new RunDriverOptions
        {
            Store = Store,
            Time = Time,
            Log = Note,
        });
        lock (_drivers) _drivers.Add(driver);
        driver.Start();
        return driver;
    }

    internal async Task<RunResult> EndAsync(RunDriver driver)
    {
        await driver.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        StoredRun run = (await Store.FindAsync(Run, default))!;
        Assert.True(run.State == RunState.Finished, $"{run.State} {run.Error}\n{string.Join('\n', Notes)}");
        Assert.Equal(Enumerable.Range(1, 15), _fixture.LoggedSteps(Run));
        return RunResult.Read(new RunFolder(_fixture.In(Run)).ResultPath);
    }

    public void Dispose()
    {
        _beats.Dispose();
        _ending.Cancel();
        foreach (SimulatedSilo silo in _silos) silo.Dispose();
        _ending.Dispose();
    }

    private async Task HoldAsync(Func<Task>[] due)
    {
        await Task.WhenAll(due.Select(fault => fault()));
        for (int i = 0; i < 3; i++) await _pumped.Task;
    }

    private void Pump()
    {
        SimulatedSilo[] silos;
        RunDriver[] drivers;
        lock (_silos) silos = [.. _silos];
        lock (_drivers) drivers = [.. _drivers];
        Time.Advance(Beat);
        foreach (RunDriver driver in drivers)
        {
            foreach (SimulatedSilo silo in silos.Where(silo => !silo.IsGone))
                ((DistributedExecution)driver.Execution).Beat(
                    silo.Beat with { Faults = silo.Silo.FaultsOf(Run), Strangers = silo.Silo.StrangersOf(Run) });
        }

        Interlocked.Exchange(ref _pumped, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
