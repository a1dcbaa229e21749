using System.Diagnostics;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Data;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.ParameterServers;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.InProcess;

/// <summary>
/// Workers and parameter servers in one process. A team of threads does the phases of a step together: compute the nodes, reduce by blocks,
/// apply by blocks, pack the new weights. Workers may join, leave or be lost while it runs; what a lost worker had not finished goes to the
/// others within the same step.
/// </summary>
public sealed class InProcessCluster : ITrainingCluster
{
    private readonly InProcessOptions _options;
    private readonly EpochOrder _order;
    private readonly IEngineWeights _engineWeights;
    private readonly ReadAhead? _readAhead;
    private readonly ThreadTeam _team;
    private readonly Memory<float> _weights;
    private readonly float[][] _moments;
    private readonly BlockPartition _blocks;
    private readonly ParameterServer[] _servers;
    private readonly int[] _serverOfBlock;
    private readonly double[] _squares;
    private readonly GradientPool _gradients;
    private readonly Roster _roster;
    private readonly Action<int> _measure, _compute, _reduce, _apply, _prepare;
    private readonly Action<WorkItem> _measureItem, _computeItem;
    private readonly int[] _allShards;

    // What the examples of a batch tell each other before its gradient is computed; empty where nothing couples them.
    private readonly float[] _exchange;
    private WorkItem[][] _work;
    private int _workVersion = -1;
    private StepPlan _plan;
    private UpdateStep _update;
    private string? _trace;

    /// <summary>Starts the threads and plans the workers' memory.</summary>
    /// <param name="options">What it is made of.</param>
    public InProcessCluster(InProcessOptions options)
    {
        _options = options;
        IOptimizer optimizer = OptimizerFactory.Create(options.Training);
        ParameterLayout layout = options.Model.Layout;
        _order = new EpochOrder(options.Training.Seed, options.Data.Count, options.Training.Batch);
        _engineWeights = options.Engine.CreateWeights(layout);
        _readAhead = MakeReadAhead(options);
        _weights = _engineWeights.Flat;
        _moments = [.. Enumerable.Range(0, optimizer.Moments).Select(_ => GC.AllocateArray<float>(layout.Length, pinned: true))];
        _blocks = new BlockPartition(layout.Length);
        _servers = [.. _blocks.Cut(options.Ranges).Where(range => range.Blocks > 0).Select(range => MakeServer(range, optimizer))];
        _serverOfBlock =
        [
            .. Enumerable.Range(0, _blocks.Count).Select(block => Array.FindIndex(_servers, server => Owns(server.Range, block))),
        ];
        _squares = new double[_blocks.Count];
        _gradients = new GradientPool(layout.Length);
        _allShards = [.. Enumerable.Range(0, options.Training.Shards)];
        _team = new ThreadTeam(options.Threads);
        _roster = new Roster(options.Threads, options.Training.Shards, MakeWorker);
        _work = [];
        _exchange = new float[options.Training.Batch * (options.Model.Objective.Coupling?.Statistics ?? 0)];
        _measureItem = item => item.Lane.Measure(_plan, item.Node, _exchange);
        _computeItem = ComputeItem;
        (_measure, _compute, _reduce, _apply, _prepare) = (Measure, Compute, Reduce, Apply, Prepare);
        for (int i = 0; i < options.Workers; i++) _roster.Join();
    }

    /// <summary>Names of the workers that take part in the next step.</summary>
    public IReadOnlyList<string> Workers => _roster.Names;

    /// <summary>A worker joins; it gets shards from the next step on.</summary>
    /// <returns>Its name.</returns>
    public string Join() => _roster.Join();

    /// <summary>A worker is gone at once: what it is computing is not used.</summary>
    /// <param name="worker">The name of the worker.</param>
    public void Lose(string worker) => _roster.Lose(worker);

    /// <summary>A worker leaves when the step in progress is done.</summary>
    /// <param name="worker">The name of the worker.</param>
    public void Leave(string worker) => _roster.Leave(worker);

    /// <inheritdoc/>
    public ValueTask RestoreAsync(
        int generation, int step, ReadOnlyMemory<float> weights, IReadOnlyList<ReadOnlyMemory<float>> moments,
        CancellationToken cancellation)
    {
        weights.CopyTo(_weights);
        for (int i = 0; i < _moments.Length; i++) moments[i].CopyTo(_moments[i]);
        foreach (ParameterServer server in _servers) server.Begin(generation, 0);
        if (_engineWeights.Parts > 0) _team.Run(_prepare);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StepGradient> ComputeAsync(StepPlan plan, CancellationToken cancellation)
    {
        _plan = plan;
        _trace = StepTraces.IsOn ? StepTraces.Context : null;
        foreach (ParameterServer server in _servers) server.Begin(plan.Generation, plan.Step);
        AssignAll();
        if (_exchange.Length > 0) MeasureAll(cancellation);
        WaitForAllShards(cancellation);
        long reducing = Stopwatch.GetTimestamp();
        _team.Run(_reduce);
        Note(StepPhase.Reduce, reducing);
        return new ValueTask<StepGradient>(new StepGradient(_servers[0].Terms, GlobalNorm.SumInOrder(_squares)));
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(UpdateDecision decision, StepPlan? next, CancellationToken cancellation)
    {
        if (!decision.Apply) return ValueTask.CompletedTask;
        _update = decision.Update;
        long applying = Stopwatch.GetTimestamp();
        _team.Run(_apply);
        Note(StepPhase.Reduce, applying);
        StepTraces.Add("apply", _trace, applying, _plan.Step, "ranges");
        long preparing = Stopwatch.GetTimestamp();
        if (_engineWeights.Parts > 0) _team.Run(_prepare);
        Note(StepPhase.Pull, preparing);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SnapshotAsync(Memory<float> weights, IReadOnlyList<Memory<float>> moments, CancellationToken cancellation)
    {
        _weights.CopyTo(weights);
        for (int i = 0; i < moments.Count; i++) _moments[i].CopyTo(moments[i]);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(StepPlan plan, CancellationToken cancellation)
    {
        using Worker worker = MakeWorker("search");
        return new ValueTask<IReadOnlyList<NonFiniteShard>>(worker.FindNonFinite(plan, new float[_weights.Length]));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _team.Dispose();
        _roster.Dispose();
        _readAhead?.Dispose();
        _engineWeights.Dispose();
        return ValueTask.CompletedTask;
    }

    // For images that take time to read, on a core to spare: where all cores compute, one more thread only gets in their way.
    private ReadAhead? MakeReadAhead(InProcessOptions options) => !options.Data.IsInMemory && options.Threads < Environment.ProcessorCount
        ? new ReadAhead(options.Data, _order, options.Training.Batch / options.Training.Shards, depth: 2)
        : null;

    private static bool Owns(BlockRange range, int block) => block >= range.FirstBlock && block < range.FirstBlock + range.Blocks;

    private ParameterServer MakeServer(BlockRange range, IOptimizer optimizer) => new(
        range, _options.Training.Shards, optimizer, _weights.Slice(range.Offset, range.Length),
        [.. _moments.Select(moment => moment.AsMemory(range.Offset, range.Length))]);

    private void Note(StepPhase phase, long started)
    {
        long ended = Stopwatch.GetTimestamp();
        TrainingInstruments.Phase(phase, started, ended);
        _options.Timeline?.Add(null, phase, _plan.Step, started, ended);
    }

    private Worker MakeWorker(string name) => new(new WorkerOptions
    {
        Name = name,
        Timeline = _options.Timeline,
        Model = _options.Model,
        Weights = _engineWeights,
        Data = _options.Data,
        Order = _order,
        ReadAhead = _readAhead,
        Training = _options.Training,
    });

    /// <summary>
    /// The barrier of a step: returns when the parameter servers have every shard of the batch, each counted once. The threads compute what
    /// they are assigned; shards whose worker was lost meanwhile are dealt to the others, until none is missing.
    /// </summary>
    /// <param name="cancellation">Ends the waiting where shards are missing; a step that is whole is finished.</param>
    /// <exception cref="NoWorkersException">Shards are missing and every worker is lost.</exception>
    private void WaitForAllShards(CancellationToken cancellation)
    {
        long givenAgain = 0;
        while (true)
        {
            _team.Run(_compute);
            long pushing = Stopwatch.GetTimestamp();
            PushFinished();
            Note(StepPhase.Push, pushing);
            if (_servers[0].IsComplete) break;
            cancellation.ThrowIfCancellationRequested();
            if (givenAgain == 0) givenAgain = pushing;
            AssignAgain(_servers[0].MissingShards);
        }

        if (givenAgain != 0) TrainingInstruments.Recovered(Stopwatch.GetElapsedTime(givenAgain));
    }

    private void AssignAll()
    {
        // The usual step is like the one before: the same plan, nothing allocated.
        int version = _roster.BeginStep();
        if (version == _workVersion) return;
        _gradients.Reset();
        Deal(_allShards);
        _workVersion = version;
    }

    private void AssignAgain(IReadOnlyList<int> shards)
    {
        // The vectors of nodes that have been pushed stay in use, so the pool is not reset.
        _roster.BeginStep();
        Deal(shards);
        _workVersion = -1;
    }

    private void Deal(IReadOnlyList<int> shards)
    {
        _work = _roster.Assign(shards);
        foreach (WorkItem[] items in _work)
        {
            foreach (WorkItem item in items)
            {
                item.Gradient = _gradients.Rent();
                item.Lane.Prepare(item.Node);
            }
        }
    }

    // Numbers of shards whose worker is lost are measured by others; then everything is dealt anew.
    private void MeasureAll(CancellationToken cancellation)
    {
        _team.Run(_measure);
        if (AreFinished()) return;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            AssignAgain(
            [
                .. _work.SelectMany(items => items).Where(item => !item.Finished)
                    .SelectMany(item => Enumerable.Range(item.Node.FirstShard, item.Node.ShardCount)).Order(),
            ]);
            _team.Run(_measure);
        }
        while (!AreFinished());
        AssignAll();
    }

    private bool AreFinished()
    {
        foreach (WorkItem[] items in _work)
        {
            foreach (WorkItem item in items)
                if (!item.Finished) return false;
        }

        return true;
    }

    private void Measure(int thread) => Do(thread, _measureItem);

    private void Compute(int thread) => Do(thread, _computeItem);

    private void ComputeItem(WorkItem item)
    {
        long started = Stopwatch.GetTimestamp();
        item.Terms = item.Lane.Compute(_plan, item.Node, item.Gradient, exchange: _exchange);
        StepTraces.Add("compute", _trace, started, _plan.Step, item.Owner.Name);
    }

    private void Do(int thread, Action<WorkItem> work)
    {
        foreach (WorkItem item in _work[thread])
        {
            item.Finished = false;
            if (item.Owner.IsLost) continue;
            try
            {
                _options.BeforeNode?.Invoke(item.Owner.Name, _plan.Step, item.Node);
                work(item);

                // A worker lost while it computed never gets to push.
                item.Finished = !item.Owner.IsLost;
            }
            catch (WorkerLostException)
            {
                _roster.Lose(item.Owner.Name);
            }
        }
    }

    private void PushFinished()
    {
        foreach (WorkItem[] items in _work)
        {
            foreach (WorkItem item in items)
            {
                if (!item.Finished) continue;
                foreach (ParameterServer server in _servers)
                {
                    Memory<float> part = item.Gradient.AsMemory(server.Range.Offset, server.Range.Length);
                    server.Push(_plan.Generation, _plan.Step, item.Node, part, item.Terms);
                }
            }
        }
    }

    private void Reduce(int thread)
    {
        (int first, int end) = BlocksOf(thread);
        for (int block = first; block < end; block++) _squares[block] = _servers[_serverOfBlock[block]].ReduceBlock(block);
    }

    private void Apply(int thread)
    {
        (int first, int end) = BlocksOf(thread);
        for (int block = first; block < end; block++) _servers[_serverOfBlock[block]].ApplyBlock(block, _update);
    }

    private void Prepare(int thread)
    {
        for (int part = thread; part < _engineWeights.Parts; part += _team.Size) _engineWeights.Prepare(part);
    }

    private (int First, int End) BlocksOf(int thread) =>
        ((int)((long)_blocks.Count * thread / _team.Size), (int)((long)_blocks.Count * (thread + 1) / _team.Size));
}

/// <summary>Vectors for the nodes of a step's gradient, used again under every assignment.</summary>
internal sealed class GradientPool(int length)
{
    private readonly List<float[]> _vectors = [];
    private int _rented;

    /// <summary>A vector of the whole layout, its content undefined.</summary>
    internal float[] Rent()
    {
        if (_rented == _vectors.Count) _vectors.Add(GC.AllocateUninitializedArray<float>(length, pinned: true));
        return _vectors[_rented++];
    }

    /// <summary>Takes all vectors back; nothing of the last step may be in use.</summary>
    internal void Reset() => _rented = 0;
}
