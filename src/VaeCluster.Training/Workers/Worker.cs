using System.Diagnostics;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Random;
using VaeCluster.Core.Reduction;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Objectives;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Workers;

/// <summary>
/// Computes the gradient of the objective on shards: reads the examples, draws the noise, runs the graph. It knows nothing of other
/// workers; what it computes depends on the step and the shard alone.
/// </summary>
public sealed class Worker : IDisposable
{
    private readonly WorkerOptions _options;
    private readonly int _shardSize;
    private readonly bool _hasBeta;
    private readonly bool _hasCapacity;
    private readonly BatchCoupling? _coupling;
    private readonly string[] _statistics;

    // One program for each height in the tree that this worker was ever given, made when it is first needed; and what its inputs hold.
    private readonly IProgram?[] _programs;
    private readonly IProgram?[] _measuring;
    private readonly (StepPlan Plan, TreeNode Node)[] _held;
    private readonly int[] _ids;
    private readonly string[] _maskNames;
    private float[]? _masks;

    /// <summary>A worker for one thread.</summary>
    /// <param name="options">Model, weights and data.</param>
    public Worker(WorkerOptions options)
    {
        _options = options;
        _shardSize = options.Training.Batch / options.Training.Shards;
        _hasBeta = options.Model.Training.Scalars.Contains(VaeModel.BetaScalar);
        _hasCapacity = options.Model.Training.Scalars.Contains(VaeModel.CapacityScalar);
        _coupling = options.Model.Objective.Coupling;
        _statistics = [.. Enumerable.Range(0, options.Model.Statistics?.Outputs.Count ?? 0).Select(VaeModel.StatisticsOutput)];
        _programs = new IProgram?[TreeNode.Root(options.Training.Shards).Level + 1];
        _measuring = new IProgram?[_programs.Length];
        _held = new (StepPlan, TreeNode)[_programs.Length];
        _ids = new int[options.Training.Batch];
        _maskNames = [.. Enumerable.Range(0, options.Model.Dropout?.Masks.Count ?? 0).Select(DropoutMasks.NameOf)];
    }

    /// <summary>
    /// Numbers of a batch that are exchanged before its gradient is computed, where a term of the objective couples its examples; 0: there
    /// is none.
    /// </summary>
    public int ExchangeLength => _options.Training.Batch * (_coupling?.Statistics ?? 0);

    /// <summary>The numbers that the examples of a node give to the exchange, at their places in the batch.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="node">The node of the tree over the shards.</param>
    /// <param name="exchange">Receives them: <see cref="ExchangeLength"/> elements, of which those of other nodes are left alone.</param>
    public void Measure(in StepPlan plan, TreeNode node, Span<float> exchange)
    {
        IProgram program = ProgramOf(node);
        IProgram measuring = _measuring[node.Level] ??= _options.Weights.Compile(
            _options.Model.Statistics!, program.Examples, gradients: false, node.ShardCount);
        ReadInputs(plan, node, program);
        program.Input(VaeModel.ImageInput).CopyTo(measuring.Input(VaeModel.ImageInput));
        program.Input(VaeModel.NoiseInput).CopyTo(measuring.Input(VaeModel.NoiseInput));
        if (_options.Model.Corruption is not null) program.Input(VaeModel.SeenInput).CopyTo(measuring.Input(VaeModel.SeenInput));
        foreach (string mask in _maskNames)
            if (_options.Model.Statistics!.Inputs.ContainsKey(mask)) program.Input(mask).CopyTo(measuring.Input(mask));
        measuring.Forward();
        int width = _coupling!.Statistics, first = 0;
        Span<float> rows = exchange.Slice(node.FirstShard * _shardSize * width, program.Examples * width);
        foreach (string name in _statistics)
        {
            ReadOnlySpan<float> part = measuring.Output(name);
            int size = part.Length / program.Examples;
            for (int i = 0; i < program.Examples; i++) part.Slice(i * size, size).CopyTo(rows[((i * width) + first)..]);
            first += size;
        }
    }

    /// <summary>
    /// Reads the examples of a node and draws their noise, for the computing of its gradient to find: neither needs the weights.
    /// </summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="node">The node of the tree over the shards.</param>
    public void Fetch(in StepPlan plan, TreeNode node)
    {
        long started = Stopwatch.GetTimestamp();
        ReadInputs(plan, node, ProgramOf(node));
        Note(StepPhase.Data, plan.Step, started, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// The gradient of a node of the tree: each shard's summed over its examples, the shards' summed along the tree.
    /// </summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="node">The node of the tree over the shards.</param>
    /// <param name="gradient">Receives the gradient: a vector of the whole layout.</param>
    /// <param name="final">
    /// Told, while the rest is computed, from which element on the gradient is final, and the node's sums; null: nobody wants to know.
    /// </param>
    /// <param name="exchange">What was measured of the whole batch, where the objective couples its examples.</param>
    /// <returns>The node's sums of loss and terms.</returns>
    public LossTerms Compute(
        in StepPlan plan, TreeNode node, Span<float> gradient, Action<int, LossTerms>? final = null, ReadOnlySpan<float> exchange = default)
    {
        IProgram program = ProgramOf(node);
        long started = Stopwatch.GetTimestamp();

        // What was measured or fetched last is still there, unless another node of the same height came between.
        if (_held[node.Level] != (plan, node)) ReadInputs(plan, node, program);
        _held[node.Level] = default;
        _coupling?.Tangent(exchange, plan.Beta, plan.Capacity, node.FirstShard * _shardSize, program.Input(VaeModel.TangentInput));
        long read = Stopwatch.GetTimestamp();
        if (_hasBeta) program.SetScalar(VaeModel.BetaScalar, plan.Beta);
        if (_hasCapacity) program.SetScalar(VaeModel.CapacityScalar, plan.Capacity);
        program.Forward();
        LossTerms terms = Sum(program.Output("loss"), program.Output("reconstruction"), program.Output("kl"), 0, node.ShardCount);
        program.GradientFinal = final is null ? null : first => final(first, terms);
        program.Backward(gradient, add: false);
        long ended = Stopwatch.GetTimestamp();
        Note(StepPhase.Data, plan.Step, started, read);
        Note(StepPhase.Compute, plan.Step, read, ended);
        return terms;
    }

    /// <summary>The examples of a shard, as they are named to a person.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="shard">The shard.</param>
    /// <returns>Indices in the data set.</returns>
    public IReadOnlyList<int> ExamplesOf(in StepPlan plan, int shard)
    {
        var positions = new int[_shardSize];
        _options.Order.Positions(plan.Epoch, plan.StepInEpoch, shard, _options.Training.Shards, positions);
        return [.. positions.Select(_options.Data.ExampleId)];
    }

    /// <summary>Which shards of a step are not finite: each is computed again by itself.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="gradient">Scratch: a vector of the whole layout.</param>
    public IReadOnlyList<NonFiniteShard> FindNonFinite(in StepPlan plan, Span<float> gradient)
    {
        var found = new List<NonFiniteShard>();
        var exchange = new float[ExchangeLength];
        for (int shard = 0; shard < _options.Training.Shards && exchange.Length > 0; shard++) Measure(plan, TreeNode.Leaf(shard), exchange);
        for (int shard = 0; shard < _options.Training.Shards; shard++)
        {
            LossTerms terms = Compute(plan, TreeNode.Leaf(shard), gradient, exchange: exchange);
            if (!terms.IsFinite) found.Add(new NonFiniteShard(shard, ExamplesOf(plan, shard), "its loss is not finite"));
            else if (FirstNonFinite(gradient) is { } slice)
                found.Add(new NonFiniteShard(shard, ExamplesOf(plan, shard), $"the gradient of {slice} is not finite"));
        }

        return found;
    }

    /// <summary>Plans the memory for a node, so that the first step does not have to.</summary>
    /// <param name="node">A node that will be asked for.</param>
    public void Prepare(TreeNode node) => ProgramOf(node);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IProgram? program in _programs.Concat(_measuring)) program?.Dispose();
    }

    private void Note(StepPhase phase, int step, long started, long ended)
    {
        TrainingInstruments.Phase(phase, started, ended);
        _options.Timeline?.Add(_options.Name, phase, step, started, ended);
    }

    private string? FirstNonFinite(ReadOnlySpan<float> gradient)
    {
        foreach (ParameterSlice slice in _options.Model.Layout.Slices)
        {
            foreach (float value in slice.Of(gradient))
                if (!float.IsFinite(value)) return slice.Name;
        }

        return null;
    }

    private IProgram ProgramOf(TreeNode node) => _programs[node.Level] ??= _options.Weights.Compile(
        _options.Model.Training, node.ShardCount * _shardSize, gradients: true, node.ShardCount);

    private void ReadInputs(in StepPlan plan, TreeNode node, IProgram program)
    {
        Span<int> ids = _ids.AsSpan(0, node.ShardCount * _shardSize);
        Span<float> x = program.Input(VaeModel.ImageInput), noise = program.Input(VaeModel.NoiseInput);
        int pixels = x.Length / ids.Length, latent = noise.Length / ids.Length;
        for (int i = 0; i < node.ShardCount; i++)
        {
            int first = i * _shardSize;
            ReadShard(plan, node.FirstShard + i, x.Slice(first * pixels, _shardSize * pixels), ids.Slice(first, _shardSize));
        }

        for (int i = 0; i < ids.Length; i++)
        {
            new RandomStream(_options.Training.Seed, RandomPurpose.LatentNoise, (uint)plan.Step, (uint)ids[i])
                .FillNormal(noise.Slice(i * latent, latent));
        }

        if (_options.Model.Corruption is { } corruption)
        {
            Span<float> seen = program.Input(VaeModel.SeenInput);
            for (int i = 0; i < ids.Length; i++)
                corruption.Apply(
                    x.Slice(i * pixels, pixels), _options.Model.Image, _options.Training.Seed, plan.Step, ids[i],
                    seen.Slice(i * pixels, pixels));
        }

        if (_options.Model.Dropout is { } dropout) DrawMasks(plan, dropout, ids, program);
        _held[node.Level] = (plan, node);
    }

    private void DrawMasks(in StepPlan plan, Dropout dropout, ReadOnlySpan<int> ids, IProgram program)
    {
        _masks ??= new float[dropout.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            dropout.Fill(_options.Training.Seed, plan.Step, ids[i], _masks);
            int first = 0;
            for (int mask = 0; mask < dropout.Masks.Count; mask++)
            {
                int width = dropout.Masks[mask];
                _masks.AsSpan(first, width).CopyTo(program.Input(_maskNames[mask])[(i * width)..]);
                first += width;
            }
        }
    }

    private void ReadShard(in StepPlan plan, int shard, Span<float> images, Span<int> ids)
    {
        if (_options.ReadAhead is { } readAhead)
        {
            readAhead.Take(plan.Epoch, plan.StepInEpoch, shard, images, ids);
            return;
        }

        _options.Order.Positions(plan.Epoch, plan.StepInEpoch, shard, _options.Training.Shards, ids);
        int pixels = images.Length / ids.Length;
        for (int i = 0; i < ids.Length; i++)
        {
            _options.Data.Read(ids[i], plan.Epoch, images.Slice(i * pixels, pixels));
            ids[i] = _options.Data.ExampleId(ids[i]);
        }
    }

    private LossTerms Sum(ReadOnlySpan<float> loss, ReadOnlySpan<float> reconstruction, ReadOnlySpan<float> kl, int first, int count)
    {
        if (count > 1)
            return Sum(loss, reconstruction, kl, first, count / 2) + Sum(loss, reconstruction, kl, first + (count / 2), count / 2);
        return new LossTerms(SumShard(loss, first), SumShard(reconstruction, first), SumShard(kl, first));
    }

    // In example order and float64: part of the arithmetic, like the order of the tree.
    private double SumShard(ReadOnlySpan<float> values, int shard)
    {
        double sum = 0;
        foreach (float value in values.Slice(shard * _shardSize, _shardSize)) sum += value;
        return sum;
    }
}
