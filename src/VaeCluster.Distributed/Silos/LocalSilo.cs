using System.Collections.Concurrent;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Silos;

/// <summary>
/// A silo's part in all runs: it knows the newest generation of each and refuses older ones, opens data and models, and brings tensors to
/// where they belong. Grains pass their calls on to it.
/// </summary>
public sealed class LocalSilo : ITensorPost, ITensorReceiver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LocalSiloOptions _options;
    private readonly Dictionary<string, DeviceThread> _threads;
    private readonly Dictionary<ulong, SiloRun> _runs = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<RunMaterial>>> _materials = [];
    private readonly ConcurrentDictionary<object, float[]> _notes = [];
    private readonly object _self = new();

    /// <summary>Starts the devices' threads.</summary>
    /// <param name="options">What the silo brings.</param>
    public LocalSilo(LocalSiloOptions options)
    {
        _options = options;
        _threads = options.Devices.ToDictionary(device => device.Name, device => new DeviceThread(device.Name));
    }

    /// <summary>Where the other silos reach its tensor listener.</summary>
    public SiloEndpoint Address => _options.Address;

    /// <summary>Data that are open on this silo.</summary>
    public Data.DatasetCache Datasets => _options.Datasets;

    /// <summary>Where it looks for data.</summary>
    public DataPlaces Places => _options.Data;

    /// <summary>Whether a run has a worker or a range here.</summary>
    public bool IsInUse
    {
        get
        {
            lock (_lock) return _runs.Values.Any(run => run.IsInUse);
        }
    }

    /// <summary>Ids of the runs that are known here but have no worker and no range here.</summary>
    public IReadOnlyList<string> IdleRuns
    {
        get
        {
            lock (_lock) return [.. _runs.Values.Where(run => !run.IsInUse).Select(run => run.Id)];
        }
    }

    /// <summary>Forgets a run that was deleted: nothing of it may come back.</summary>
    /// <param name="run">The id of the run.</param>
    public void Drop(string run)
    {
        lock (_lock)
        {
            if (!_runs.Remove(RunTicket.KeyOf(run), out SiloRun? known)) return;
            known.Dispose();
        }

        _materials.TryRemove(run, out _);
    }

    /// <summary>Ends everything.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (SiloRun run in _runs.Values) run.Dispose();
            _runs.Clear();
        }

        foreach (DeviceThread thread in _threads.Values) thread.Dispose();
    }

    /// <summary>Makes a device a worker of a run: opens data and model where that is not done yet.</summary>
    /// <param name="device">One of the silo's devices.</param>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The generation that the call is for.</param>
    /// <param name="places">The ranges.</param>
    /// <returns>What it computes on, and with what. With other data than the run's it is no worker.</returns>
    public async Task<WorkerStatement> AttachAsync(string device, RunTicket ticket, int generation, IReadOnlyList<RangePlace> places)
    {
        Device own = _options.Devices.FirstOrDefault(candidate => candidate.Name == device)
            ?? throw new InvalidOperationException($"this silo has no device {device}");
        SiloRun run = Enter(ticket, generation);
        RunMaterial material = await MaterialAsync(ticket);
        var statement = new WorkerStatement(own.Engine.Arithmetic, material.Fingerprint);
        if (material.Fingerprint == ticket.Fingerprint) run.Attach(own, _threads, material, places);
        return statement;
    }

    /// <summary>Computes nodes of a step.</summary>
    /// <param name="device">The name of the device, such as <c>cpu:0</c>.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="assignment">The step and the nodes of its tree.</param>
    public void Assign(string device, string run, Assignment assignment) =>
        Find(run, assignment.Plan.Generation).Worker(device).Assign(assignment);

    /// <summary>See <see cref="IWorkerLink.MeasureAsync"/>.</summary>
    /// <param name="device">The name of the device, such as <c>cpu:0</c>.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="assignment">The step and the nodes of its tree.</param>
    public Task<float[]> MeasureAsync(string device, string run, Assignment assignment) =>
        Find(run, assignment.Plan.Generation).Worker(device).MeasureAsync(assignment);

    /// <summary>See <see cref="IWorkerLink.FindNonFiniteAsync"/>.</summary>
    /// <param name="device">The name of the device, such as <c>cpu:0</c>.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    public Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(string device, string run, StepPlan plan) =>
        Find(run, plan.Generation).Worker(device).FindNonFiniteAsync(plan);

    /// <summary>Lets go of a worker.</summary>
    /// <param name="device">The name of the device, such as <c>cpu:0</c>.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    public void Detach(string device, string run, int generation)
    {
        Find(run, generation).Detach(device);
        Forget(run, generation);
    }

    /// <summary>See <see cref="IRangeLink.OpenAsync"/>.</summary>
    /// <param name="opening">Which range of which run, and where its weights begin.</param>
    public async Task OpenAsync(RangeOpening opening)
    {
        SiloRun run = Enter(opening.Ticket, opening.Generation);
        RunMaterial material = await MaterialAsync(opening.Ticket);
        BlockRange range = new BlockPartition(material.Model.Layout.Length).Cut(opening.Ranges)[opening.Range];
        run.Open(opening, range, material.Spec.Training.Shards, OptimizerFactory.Create(material.Spec.Training));
    }

    /// <summary>As <see cref="OpenAsync"/>, for a run whose range, shards and optimiser are known.</summary>
    internal void Open(RangeOpening opening, BlockRange range, int shards, IOptimizer optimizer) =>
        Enter(opening.Ticket, opening.Generation).Open(opening, range, shards, optimizer);

    /// <summary>See <see cref="IRangeLink.CommitAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    public Task CommitAsync(string run, int generation, int range) => Find(run, generation).Range(range).CommitAsync();

    /// <summary>See <see cref="IRangeLink.SubscribeAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="silo">Where that silo takes tensors.</param>
    public void Subscribe(string run, int generation, int range, SiloEndpoint silo) => Find(run, generation).Range(range).Subscribe(silo);

    /// <summary>See <see cref="IRangeLink.AwaitAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="patience">After so long the answer is null.</param>
    public async Task<RangeGradient?> AwaitAsync(string run, int generation, int range, int step, TimeSpan patience)
    {
        Task<RangeGradient> root = Find(run, generation).Range(range).RootOf(step);
        try
        {
            // Not Task.Delay beside it: that would leave a timer behind at every step.
            return await root.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>See <see cref="IRangeLink.MissingAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="step">The number of the step, from 1.</param>
    public IReadOnlyList<int> Missing(string run, int generation, int range, int step) => Find(run, generation).Range(range).Missing(step);

    /// <summary>See <see cref="IRangeLink.ApplyAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="decision">How the step is closed.</param>
    public void Apply(string run, int range, UpdateDecision decision)
    {
        if (!Find(run, decision.Generation).Range(range).Apply(decision))
            throw new InvalidOperationException(
                $"range {range} cannot close step {decision.Step}: it is at another one, or shards are missing");
    }

    /// <summary>Says by a note what a worker is to compute, and waits for no answer. Not for an assignment with an exchange.</summary>
    /// <param name="to">The worker's silo.</param>
    /// <param name="device">The worker's device.</param>
    /// <param name="run">The run, as tensor headers name it.</param>
    /// <param name="assignment">What to compute.</param>
    /// <param name="told">Called on some thread with null, or with why it could not be said. That it was heard nobody says.</param>
    internal void Tell(SiloEndpoint to, string device, ulong run, Assignment assignment, Action<Exception?>? told) =>
        Tell(
            to, TensorKind.Assignment, run, assignment.Plan.Generation, assignment.Plan.Step, range: 0,
            StepNotes.Write(device, assignment), told);

    /// <summary>
    /// Says by a note how a step is closed, and waits for no answer: the root of the next step is one. A range of this silo has applied the
    /// decision when it returns.
    /// </summary>
    /// <param name="to">The range's silo.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="run">The run, as tensor headers name it.</param>
    /// <param name="decision">How the step is closed.</param>
    internal void Tell(SiloEndpoint to, int range, ulong run, UpdateDecision decision)
    {
        if (_options.BeforeDecision is { } wait) _ = Task.Run(async () => { await wait(decision.Step); Send(); });
        else Send();

        void Send() => Tell(to, TensorKind.Decision, run, decision.Generation, decision.Step, range, StepNotes.Write(decision), null);
    }

    /// <summary>See <see cref="IRangeLink.SendAsync"/>.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="silo">The silo that waits.</param>
    /// <param name="moments">Whether the moments too.</param>
    public Task SendAsync(string run, int generation, int range, int step, SiloEndpoint silo, bool moments) =>
        Find(run, generation).Range(range).SendAsync(silo, step, moments);

    /// <summary>Lets go of a range.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="range">The number of the range, from 0.</param>
    public void Close(string run, int generation, int range)
    {
        Find(run, generation).Close(range);
        Forget(run, generation);
    }

    /// <summary>A coordinator of this silo receives the vectors of all ranges.</summary>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="sink">Receives them; null: no more.</param>
    internal void Expect(RunTicket ticket, int generation, SnapshotSink? sink) => Enter(ticket, generation).Expect(sink);

    /// <summary>A coordinator of this silo is told of the roots of a generation.</summary>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The coordinator's generation.</param>
    /// <param name="onRoot">Told range, step and root, on whatever thread brings them.</param>
    internal void Attend(RunTicket ticket, int generation, Action<int, int, RangeGradient> onRoot) =>
        Enter(ticket, generation).Attend(onRoot);

    /// <summary>A coordinator of this silo is done: what is known of the run while the silo lives must not keep it.</summary>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The coordinator's generation.</param>
    internal void Leave(RunTicket ticket, int generation) => FindIfOpen(ticket.Key, generation)?.Attend(null);

    /// <summary>The phases of the last steps that a run's workers and ranges here had a part in, oldest first.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="steps">How many steps.</param>
    public IReadOnlyList<PhaseSpan> PhasesOf(string run, int steps)
    {
        SiloRun? known;
        lock (_lock) _runs.TryGetValue(RunTicket.KeyOf(run), out known);
        return known?.Timeline.Last(steps) ?? [];
    }

    /// <summary>Workers of a run that failed here, with the reasons.</summary>
    /// <param name="run">The id of the run.</param>
    public Dictionary<string, string> FaultsOf(string run)
    {
        lock (_lock) return _runs.TryGetValue(RunTicket.KeyOf(run), out SiloRun? known) ? known.Faults : new Dictionary<string, string>();
    }

    /// <summary>Who sent gradients of a run here without being a worker of it, in a line each; null: nobody.</summary>
    /// <param name="run">The id of the run.</param>
    public string[]? StrangersOf(string run)
    {
        lock (_lock) return _runs.GetValueOrDefault(RunTicket.KeyOf(run))?.Strangers;
    }

    /// <inheritdoc/>
    public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent)
    {
        if (to != Address)
        {
            _options.Post.Post(to, header, data, sent);
            return;
        }

        if (header.Kind.IsNote())
        {
            FindIfOpen(header.Run, header.Generation)?.Hear(header, data.Span);
            sent?.Invoke(null);
            return;
        }

        Memory<float> target = Accept(_self, header);
        if (!target.IsEmpty)
        {
            data.CopyTo(target);
            Received(_self, header);
        }

        sent?.Invoke(null);
    }

    Memory<float> ITensorReceiver.Accept(TensorConnection from, in TensorHeader header) => Accept(from, header);

    void ITensorReceiver.Received(TensorConnection from, in TensorHeader header) => Received(from, header);

    void ITensorReceiver.Closed(TensorConnection from) => Closed(from);

    internal void Closed(object from)
    {
        SiloRun[] runs;
        lock (_lock) runs = [.. _runs.Values];
        foreach (SiloRun run in runs) run.Closed(from);
        _notes.TryRemove(from, out _);
    }

    internal Memory<float> Accept(object from, in TensorHeader header)
    {
        if (FindIfOpen(header.Run, header.Generation) is { } run)
            return header.Kind.IsNote() ? AcceptNote(from, header) : run.Accept(from, header);
        if (header is { Kind: TensorKind.Gradient, Offset: 0 }) TrainingInstruments.Drop(DropReason.Fenced);
        return default;
    }

    internal void Received(object from, in TensorHeader header)
    {
        if (FindIfOpen(header.Run, header.Generation) is not { } run) return;
        if (!header.Kind.IsNote()) run.Received(from, header);
        else if (_notes.TryRemove(from, out float[]? words)) run.Hear(header, words);
    }

    // A connection brings one piece at a time, and a note is one.
    private Memory<float> AcceptNote(object from, in TensorHeader header) =>
        header.Offset == 0 && header.Count == header.Total ? _notes[from] = new float[header.Count] : default(Memory<float>);

    private SiloRun? FindIfOpen(ulong key, int generation)
    {
        lock (_lock) return _runs.TryGetValue(key, out SiloRun? run) && run.Generation == generation ? run : null;
    }

    private void Tell(
        SiloEndpoint to, TensorKind kind, ulong run, int generation, int step, int range, float[] words, Action<Exception?>? told)
    {
        var header = new TensorHeader
        {
            Kind = kind,
            Run = run,
            Generation = generation,
            Step = step,
            Range = range,
            Count = words.Length,
            Total = words.Length,
        };
        Post(to, header, words, told);
    }

    // The first message of a newer generation ends the older one here.
    private SiloRun Enter(RunTicket ticket, int generation)
    {
        lock (_lock)
        {
            if (_runs.TryGetValue(ticket.Key, out SiloRun? run))
            {
                if (run.Generation > generation) throw new StaleGenerationException(generation, run.Generation);
                if (run.Generation == generation) return run;
                run.Retire(generation);
            }

            return _runs[ticket.Key] = new SiloRun(_options, this, ticket, generation);
        }
    }

    private SiloRun Find(string run, int generation)
    {
        lock (_lock)
        {
            if (!_runs.TryGetValue(RunTicket.KeyOf(run), out SiloRun? known) || known.Generation < generation)
                throw new InvalidOperationException($"run {run} is not open on this silo in generation {generation}");
            return known.Generation == generation ? known : throw new StaleGenerationException(generation, known.Generation);
        }
    }

    // The generation stays known while the silo lives; data and model go with the last worker and range.
    private void Forget(string run, int generation)
    {
        lock (_lock)
        {
            if (_runs.TryGetValue(RunTicket.KeyOf(run), out SiloRun? known) && known.Generation == generation && !known.IsInUse)
                _materials.TryRemove(run, out _);
        }
    }

    private async Task<RunMaterial> MaterialAsync(RunTicket ticket)
    {
        Lazy<Task<RunMaterial>> material = _materials.GetOrAdd(
            ticket.Id, static (_, self) => new Lazy<Task<RunMaterial>>(() => Task.Factory.StartNew(
                () => RunMaterial.Open(self.Ticket, self.Silo.Places, self.Silo.Datasets),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            (Ticket: ticket, Silo: this));
        try
        {
            return await material.Value;
        }
        catch
        {
            // Data that were missing may be there the next time.
            _materials.TryRemove(new KeyValuePair<string, Lazy<Task<RunMaterial>>>(ticket.Id, material));
            throw;
        }
    }
}
