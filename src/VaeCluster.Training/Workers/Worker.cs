using VaeCluster.Core.Random;
using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Workers;

/// <summary>
/// Computes the gradient of the objective on shards: reads the examples, draws the noise, runs the graph. It knows nothing of other workers;
/// what it computes depends on the step and the shard alone.
/// </summary>
public sealed class Worker : IDisposable
{
    private readonly IProgram _program;
    private readonly Split _data;
    private readonly EpochOrder _order;
    private readonly long _seed;
    private readonly int _shards;
    private readonly int[] _positions;

    /// <summary>Plans the work of one thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">The engine's copy of the weights, shared by the workers of a process.</param>
    /// <param name="data">The training split.</param>
    /// <param name="order">The order of its examples.</param>
    /// <param name="training">Batch, shards and seed.</param>
    public Worker(VaeModel model, IEngineWeights weights, Split data, EpochOrder order, TrainingSpec training)
    {
        _data = data;
        _order = order;
        _seed = training.Seed;
        _shards = training.Shards;
        _positions = new int[training.Batch / training.Shards];
        _program = weights.Compile(model.Training, _positions.Length, gradients: true);
    }

    /// <summary>
    /// The gradient of a node of the tree, summed over its examples along the tree: a leaf's own, else its left child's with its right child's
    /// added.
    /// </summary>
    /// <param name="plan">The step.</param>
    /// <param name="node">A shard, or a pair of neighbours.</param>
    /// <param name="gradient">Receives the gradient: a vector of the whole layout.</param>
    /// <returns>The node's sums of loss and terms.</returns>
    /// <exception cref="ArgumentException">The node is higher than a pair: that would need a second vector.</exception>
    public LossTerms Compute(in StepPlan plan, TreeNode node, Span<float> gradient)
    {
        if (node.Level > 1) throw new ArgumentException($"{node} is higher than a pair of shards", nameof(node));

        LossTerms terms = ComputeShard(plan, node.FirstShard, gradient, add: false);
        return node.Level == 0 ? terms : terms + ComputeShard(plan, node.FirstShard + 1, gradient, add: true);
    }

    /// <summary>The examples of a shard, as they are named to a person.</summary>
    /// <param name="plan">The step.</param>
    /// <param name="shard">The shard.</param>
    /// <returns>Indices in the data set.</returns>
    public IReadOnlyList<int> ExamplesOf(in StepPlan plan, int shard)
    {
        _order.Positions(plan.Epoch, plan.StepInEpoch, shard, _shards, _positions);
        return [.. _positions.Select(_data.ExampleId)];
    }

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    private LossTerms ComputeShard(in StepPlan plan, int shard, Span<float> gradient, bool add)
    {
        _order.Positions(plan.Epoch, plan.StepInEpoch, shard, _shards, _positions);
        Span<float> x = _program.Input(VaeModel.ImageInput), noise = _program.Input(VaeModel.NoiseInput);
        int pixels = x.Length / _positions.Length, latent = noise.Length / _positions.Length;
        for (int i = 0; i < _positions.Length; i++)
        {
            _data.Read(_positions[i], plan.Epoch, x.Slice(i * pixels, pixels));
            new RandomStream(_seed, RandomPurpose.LatentNoise, (uint)plan.Step, (uint)_data.ExampleId(_positions[i]))
                .FillNormal(noise.Slice(i * latent, latent));
        }

        if (HasBeta) _program.SetScalar(VaeModel.BetaScalar, plan.Beta);
        _program.Forward();
        _program.Backward(gradient, add);
        return new LossTerms(Sum("loss"), Sum("reconstruction"), Sum("kl"));
    }

    /// <summary>Whether the objective weighs a KL term at all.</summary>
    public required bool HasBeta { get; init; }

    // In example order and float64: part of the arithmetic, like the order of the tree.
    private double Sum(string output)
    {
        double sum = 0;
        foreach (float value in _program.Output(output)) sum += value;
        return sum;
    }
}
