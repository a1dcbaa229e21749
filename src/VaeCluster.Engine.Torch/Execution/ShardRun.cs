using TorchSharp;
using VaeCluster.Engine.Torch.Memory;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>
/// Computes the values of a graph for the rows of one shard, each node by the operations of libtorch that autograd differentiates.
/// Every tensor is let go of as soon as nothing reads it, by hand: dispose scopes belong to threads, and a program does not.
/// </summary>
internal sealed class ShardRun : IDisposable
{
    private readonly GraphPlan _plan;
    private readonly int _rows;
    private readonly LayerOperations _layers;
    private readonly ElementOperations _elements = new();
    private readonly Tensor?[] _values;
    private readonly Dictionary<string, Scalar> _scalars;
    private readonly List<Tensor> _scratch = [];

    /// <summary>Memory for the values of one shard.</summary>
    /// <param name="plan">The graph.</param>
    /// <param name="rows">Rows of a shard.</param>
    /// <param name="channelsLast">Whether convolutions are given their values pixel by pixel.</param>
    internal ShardRun(GraphPlan plan, int rows, bool channelsLast)
    {
        _plan = plan;
        _rows = rows;
        _layers = new LayerOperations(channelsLast);
        _values = new Tensor?[plan.Graph.Nodes.Count];
        _scalars = plan.Graph.Scalars.ToDictionary(name => name, _ => (Scalar)1f, StringComparer.Ordinal);
    }

    /// <summary>Sets a number for the next runs.</summary>
    /// <param name="name">A name of the graph's scalars.</param>
    /// <param name="value">Its value.</param>
    internal void SetScalar(string name, float value)
    {
        Scalar old = _scalars[name];
        _scalars[name] = value;
        old.Dispose();
    }

    /// <summary>Computes the loss and the outputs.</summary>
    /// <param name="inputs">The inputs' rows, [rows, size].</param>
    /// <param name="parameters">The parameters.</param>
    internal void Forward(IReadOnlyDictionary<string, Tensor> inputs, LayoutViews parameters)
    {
        foreach (Node node in _plan.Graph.Nodes)
        {
            _values[node.Id] = node.Operation switch
            {
                InputOperation input => inputs[input.Name],
                ParameterOperation parameter => parameters[parameter.Slice],
                _ => Compute(node, parameters),
            };
            foreach (Tensor temporary in _scratch) temporary.Dispose();
            _scratch.Clear();
            foreach (int id in _plan.LastUses[node.Id]) Drop(id);
        }
    }

    /// <summary>A value after <see cref="Forward"/>, if it is an output or the loss; it stays this run's.</summary>
    /// <param name="node">The value.</param>
    internal Tensor this[Node node] => _values[node.Id]!;

    /// <summary>Lets go of what <see cref="Forward"/> left.</summary>
    internal void Clear()
    {
        foreach (Node node in _plan.Graph.Nodes)
        {
            if (!GraphPlan.Stays(node)) Drop(node.Id);
            _values[node.Id] = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor temporary in _scratch) temporary.Dispose();
        _scratch.Clear();
        Clear();
        foreach (Scalar scalar in _scalars.Values) scalar.Dispose();
        _elements.Dispose();
        _layers.Dispose();
    }

    private Tensor Compute(Node node, LayoutViews parameters) => (node.Operation switch
    {
        ParameterRowsOperation rows => parameters[rows.Slice].reshape(rows.Slice.Shape[0], node.Size),
        MixtureLogDensityOperation => MixtureOperations.LogDensity(
            WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1]), WideFlat(node.Inputs[2]),
            node.Inputs.Count > 3 ? WideFlat(node.Inputs[3]) : null),
        DenseOperation dense =>
            _layers.Dense(
                Layer(node, grid: false), parameters.Cast(dense.Weight), parameters.Cast(dense.Bias), dense.Activation, dense.Mask),
        Conv2dOperation conv => _layers.Conv(conv, Layer(node, grid: true), parameters.Cast(conv.Weight), parameters.Cast(conv.Bias)),
        ConvTranspose2dOperation conv =>
            _layers.ConvTranspose(conv, Layer(node, grid: true), parameters.Cast(conv.Weight), parameters.Cast(conv.Bias)),
        GroupNormOperation norm => _layers.GroupNorm(norm, WideChannels(node), parameters[norm.Scale], parameters[norm.Shift]),
        ChannelScaleOperation => WideChannels(node).mul(Factors(node)),
        ReshapeOperation => Flat(node.Inputs[0]).alias(),
        SliceOperation slice => Flat(node.Inputs[0]).narrow(1, slice.Offset, node.Size),
        UnaryOperation unary => _elements.Unary(unary, _plan.IsGrid(node) ? Wide(node.Inputs[0]) : WideFlat(node.Inputs[0])),
        UpsampleOperation upsample => LayerOperations.Upsample(upsample, WideChannels(node)),
        AveragePoolOperation pool => LayerOperations.AveragePool(pool, WideChannels(node)),
        BinaryOperation binary when _plan.IsGrid(node) =>
            _elements.Binary(binary.Function, Wide(node.Inputs[0]), Wide(node.Inputs[1])),
        BinaryOperation binary => _elements.Binary(binary.Function, WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1])),
        ScaleOperation scale => (_plan.IsGrid(node) ? Wide(node.Inputs[0]) : WideFlat(node.Inputs[0])).mul(_scalars[scale.Scalar]),
        ShiftOperation shift => (_plan.IsGrid(node) ? Wide(node.Inputs[0]) : WideFlat(node.Inputs[0])).sub(_scalars[shift.Scalar]),
        LogMeanExpOperation => ElementOperations.LogMeanExp([.. node.Inputs.Select(WideFlat)]),
        SumOperation => WideFlat(node.Inputs[0]).sum(1, keepdim: true),
        ReparameterizeOperation => _elements.Reparameterize(WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1]), WideFlat(node.Inputs[2])),
        GaussianKlOperation => _elements.GaussianKl(WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1])),
        BernoulliLogLikelihoodOperation => ElementOperations.Bernoulli(WideFlat(node.Inputs[0]), Constant(node.Inputs[1])),
        GaussianLogLikelihoodOperation =>
            _elements.Gaussian(WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1]), Constant(node.Inputs[2]), node.Inputs[0].Size),
        LaplaceLogLikelihoodOperation =>
            LikelihoodOperations.Laplace(WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1]), Constant(node.Inputs[2])),
        ContinuousBernoulliLogLikelihoodOperation =>
            LikelihoodOperations.ContinuousBernoulli(WideFlat(node.Inputs[0]), Constant(node.Inputs[1])),
        DiscretizedLogisticLogLikelihoodOperation logistic => LikelihoodOperations.DiscretizedLogistic(
            WideFlat(node.Inputs[0]), WideFlat(node.Inputs[1]), Constant(node.Inputs[2]), logistic.Levels),
        _ => throw new NotSupportedException($"the Torch engine has no step for {node}"),
    }).DetachFromDisposeScope();

    // As a layer takes it: in the layers' type, in the shape it works on.
    private Tensor Layer(Node node, bool grid)
    {
        Node input = node.Inputs[0];
        Tensor x = _values[input.Id]!;
        if (_plan.IsNarrow(node) && !_plan.IsNarrow(input)) x = Scratch(x.to_type(ScalarType.BFloat16));
        return Shaped(input, x, grid);
    }

    // A value in either shape: [rows, channels, height, width] or [rows, features].
    private Tensor Shaped(Node node, Tensor x, bool grid)
    {
        if (grid == _plan.IsGrid(node)) return x;
        return Scratch(grid ? x.reshape(node.Rows(_rows), node.Shape[0], node.Shape[1], node.Shape[2])
            : x.reshape(node.Rows(_rows), node.Size));
    }

    // [rows, channels, height, width], or [rows, channels] where there are no positions.
    private Tensor WideChannels(Node node) => Shaped(node.Inputs[0], Wide(node.Inputs[0]), _plan.IsGrid(node));

    private Tensor Factors(Node node)
    {
        Tensor factors = WideFlat(node.Inputs[1]);
        return _plan.IsGrid(node) ? Scratch(factors.reshape(_rows, node.Shape[0], 1, 1)) : factors;
    }

    private Tensor Wide(Node node) => _plan.IsNarrow(node) ? Scratch(_values[node.Id]!.to_type(ScalarType.Float32)) : _values[node.Id]!;

    private Tensor WideFlat(Node node) => Flatten(node, Wide(node));

    private Tensor Flat(Node node) => Flatten(node, _values[node.Id]!);

    // Parameters have their own shape; as one row they are repeated over the rows of what they meet.
    private Tensor Flatten(Node node, Tensor value) => _plan.IsGrid(node) ? Scratch(value.reshape(node.Rows(_rows), node.Size))
        : node.Operation is ParameterOperation ? Scratch(value.reshape(1, node.Size))
        : value;

    // No gradient flows into the pixels that a likelihood judges.
    private Tensor Constant(Node node) => node.Operation is InputOperation ? _values[node.Id]! : Scratch(WideFlat(node).detach());

    private Tensor Scratch(Tensor temporary)
    {
        _scratch.Add(temporary.DetachFromDisposeScope());
        return temporary;
    }

    private void Drop(int id)
    {
        _values[id]?.Dispose();
        _values[id] = null;
    }
}
