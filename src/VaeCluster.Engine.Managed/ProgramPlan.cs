using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Convolutions;
using VaeCluster.Engine.Managed.Elementwise;
using VaeCluster.Engine.Managed.Latents;
using VaeCluster.Engine.Managed.Layers;
using VaeCluster.Engine.Managed.Likelihoods;
using VaeCluster.Engine.Managed.Memory;
using VaeCluster.Engine.Managed.Normalization;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed;

/// <summary>Plans the memory of a graph and chooses a step for each node.</summary>
internal sealed unsafe class ProgramPlan
{
    private readonly Graph _graph;
    private readonly ProgramContext _context;
    private readonly Value[] _values;
    private readonly bool[] _differentiates;
    private readonly int[] _consumers;
    private readonly bool[] _isGrid;
    private readonly Dictionary<int, ProgramContext> _contexts = [];
    private readonly List<Value> _cleared = [];
    private readonly List<bool> _hasBackward = [];

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="context">Memory and weights.</param>
    /// <param name="gradients">Whether there is a backward pass.</param>
    internal ProgramPlan(Graph graph, ProgramContext context, bool gradients)
    {
        _graph = graph;
        _context = context;
        _values = new Value[graph.Nodes.Count];
        _differentiates = gradients ? FindDifferentiated() : new bool[graph.Nodes.Count];
        _consumers = CountConsumers();
        _isGrid = GridPlan.Find(graph);
        Scalars = graph.Scalars.ToDictionary(name => name, _ => new Scalar(), StringComparer.Ordinal);
        Steps = PlanSteps();
        Outputs = graph.Outputs.ToDictionary(
            output => output.Key, output => new OutputReader(ContextOf(output.Value), _values[output.Value.Id]), StringComparer.Ordinal);
        HasBackward = [.. _hasBackward];
        Cleared = [.. _cleared];
        Loss = gradients ? _values[graph.Loss!.Id] : null;
        FinalFrom = FindFinal();
        Unused = gradients ? [.. graph.Parameters.Slices.Where(slice => !context.IsClaimed(slice))] : [];
    }

    /// <summary>The steps in the order of the forward pass.</summary>
    internal Step[] Steps { get; }

    /// <summary>For each step, whether the loss depends on its value; the others have no gradient.</summary>
    internal bool[] HasBackward { get; }

    /// <summary>The inputs by name.</summary>
    internal Dictionary<string, InputStep> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>The outputs by name.</summary>
    internal Dictionary<string, OutputReader> Outputs { get; }

    /// <summary>The scalars by name.</summary>
    internal Dictionary<string, Scalar> Scalars { get; }

    /// <summary>Values whose gradient is accumulated by several steps, and so must be cleared first.</summary>
    internal Value[] Cleared { get; }

    /// <summary>The loss.</summary>
    internal Value? Loss { get; }

    /// <summary>For each step, the index from which on all elements of the gradient are final once its backward pass is done.</summary>
    internal int[] FinalFrom { get; }

    /// <summary>Parameters that the graph does not use.</summary>
    internal ParameterSlice[] Unused { get; }

    private Step[] PlanSteps()
    {
        var steps = new List<Step>();
        foreach (Node node in _graph.Nodes)
        {
            _context.PlannedStep = steps.Count;
            if (Plan(node) is not { } step) continue;
            steps.Add(step);
            _hasBackward.Add(_differentiates[node.Id]);
        }

        return [.. steps];
    }

    private int[] FindFinal()
    {
        ParameterSlice[] slices = [.. _graph.Parameters.Slices.OrderByDescending(slice => slice.Offset)];
        return [.. Steps.Select((_, step) => slices.TakeWhile(slice => _context.LastWriter(slice) >= step)
            .Select(slice => slice.Offset).LastOrDefault(_graph.Parameters.Length))];
    }

    private bool[] FindDifferentiated()
    {
        // A node needs a gradient if it depends on a parameter and the loss depends on it.
        var below = new bool[_graph.Nodes.Count];
        foreach (Node node in _graph.Nodes)
        {
            below[node.Id] = node.Parameters.Count > 0 || node.DifferentiatedInputs.Any(input => below[input.Id]);
        }

        var above = new bool[_graph.Nodes.Count];
        above[_graph.Loss!.Id] = true;
        foreach (Node node in _graph.Nodes.Reverse().Where(node => above[node.Id]))
            foreach (Node input in node.DifferentiatedInputs) above[input.Id] = true;
        return [.. below.Zip(above, (parameters, loss) => parameters && loss)];
    }

    private int[] CountConsumers()
    {
        var consumers = new int[_graph.Nodes.Count];
        foreach (Node node in _graph.Nodes.Where(node => _differentiates[node.Id]))
            foreach (Node input in node.Inputs) consumers[input.Id]++;
        return consumers;
    }

    private Step? Plan(Node node)
    {
        if (node.Operation is ReshapeOperation or SliceOperation)
        {
            _values[node.Id] = Alias(node);
            return null;
        }

        ProgramContext context = ContextOf(node);
        Value y = _values[node.Id] = MakeValue(node, context);
        return node.Operation switch
        {
            InputOperation input => Inputs[input.Name] = new InputStep(context, y),
            ParameterOperation parameter => new ParameterStep(parameter.Slice, context, y),
            ParameterRowsOperation rows => new ParameterRowsStep(rows.Slice, context, y),
            DenseOperation dense => new DenseStep(dense, context, In(node, 0), y),
            Conv2dOperation conv => new ConvStep(
                new ConvGeometry(
                    GridShape.Of(node.Shape), GridShape.Of(node.Inputs[0].Shape), conv.Weight.Shape[2], conv.Stride, conv.Padding,
                    conv.Weight),
                conv.Bias, conv.Activation, transposed: false, context, In(node, 0), y),
            ConvTranspose2dOperation conv => new ConvStep(
                new ConvGeometry(
                    GridShape.Of(node.Inputs[0].Shape), GridShape.Of(node.Shape), conv.Weight.Shape[2], conv.Stride, conv.Padding,
                    conv.Weight),
                conv.Bias, conv.Activation, transposed: true, context, In(node, 0), y),
            GroupNormOperation norm => GroupNormStep.Create(norm, context, In(node, 0), y),
            ChannelScaleOperation => new ChannelScaleStep(In(node, 0), In(node, 1), y),
            UnaryOperation unary => UnaryStep.Create(unary, In(node, 0), y),
            UpsampleOperation upsample => new ResampleStep(node, upsample.Factor, up: true, In(node, 0), y),
            AveragePoolOperation pool => new ResampleStep(node, pool.Factor, up: false, In(node, 0), y),
            BinaryOperation when GridPlan.AddsMaps(node) => new AddMapsStep(In(node, 0), In(node, 1), y),
            BinaryOperation binary when y.PerExample => new BinaryStep(binary.Function, context, In(node, 0), In(node, 1), y),
            ScaleOperation scale => new ScaleStep(Scalars[scale.Scalar], In(node, 0), y),
            ShiftOperation shift => new ShiftStep(Scalars[shift.Scalar], In(node, 0), y),
            LogMeanExpOperation => new LogMeanExpStep([.. node.Inputs.Select(input => _values[input.Id])], y),
            SumOperation when y.PerExample => new SumStep(In(node, 0), y),
            ReparameterizeOperation => new ReparameterizeStep(In(node, 0), In(node, 1), In(node, 2), y),
            GaussianKlOperation => new GaussianKlStep(In(node, 0), In(node, 1), y),
            MixtureLogDensityOperation => new MixtureStep(
                context, In(node, 0), In(node, 1), In(node, 2), node.Inputs.Count > 3 ? In(node, 3) : null,
                node.Inputs[1].FixedRows!.Value, y),
            BernoulliLogLikelihoodOperation => new BernoulliStep(In(node, 0), In(node, 1), y),
            GaussianLogLikelihoodOperation => new GaussianStep(context, In(node, 0), In(node, 1), In(node, 2), y),
            LaplaceLogLikelihoodOperation => new LocationScaleStep<LaplaceKernel>(context, In(node, 0), In(node, 1), In(node, 2), y),
            DiscretizedLogisticLogLikelihoodOperation logistic => new LocationScaleStep<DiscretizedLogisticKernel>(
                context, In(node, 0), In(node, 1), In(node, 2), y, 1f / (logistic.Levels - 1)),
            ContinuousBernoulliLogLikelihoodOperation => new ContinuousBernoulliStep(In(node, 0), In(node, 1), y),
            _ => throw new NotSupportedException($"the managed engine does not support {node}"),
        };
    }

    private Value In(Node node, int input) => _values[node.Inputs[input].Id];

    // Values with as many rows of their own share one context.
    private ProgramContext ContextOf(Node node)
    {
        if (node.FixedRows is not { } rows) return _context;
        if (!_contexts.TryGetValue(rows, out ProgramContext? context)) _contexts.Add(rows, context = _context.WithRows(rows));
        return context;
    }

    private Value MakeValue(Node node, ProgramContext context)
    {
        bool hasRows = node.PerExample || node.FixedRows is not null;
        int stride = hasRows ? context.Stride : 1;
        int gradientLength = hasRows ? node.Size * stride : node.Size * context.Tree.Shards;
        var value = new Value
        {
            Size = node.Size,
            PerExample = hasRows,
            Stride = stride,
            GradientLength = gradientLength,
            Data = _context.Arena.Reserve((long)node.Size * stride),
            Gradient = _differentiates[node.Id] ? _context.Arena.Reserve(gradientLength) : null,
            Accumulates = _consumers[node.Id] > 1 || HasAlias(node),
            IsGrid = _isGrid[node.Id],
        };
        if (value.HasGradient && value.Accumulates) _cleared.Add(value);
        return value;
    }

    private bool HasAlias(Node node) =>
        _graph.Nodes.Any(other => other.Operation is SliceOperation or ReshapeOperation && other.Inputs[0] == node
            && _differentiates[other.Id]);

    // Shares the source's memory: features are consecutive, so a range of them is a value itself.
    private Value Alias(Node node)
    {
        Value source = In(node, 0);
        int offset = node.Operation is SliceOperation slice ? slice.Offset : 0;
        nint places = (nint)offset * source.Stride;
        return new Value
        {
            Size = node.Size,
            PerExample = source.PerExample,
            Stride = source.Stride,
            GradientLength = node.Size * source.Stride,
            Data = source.Data + places,
            Gradient = _differentiates[node.Id] && source.HasGradient ? source.Gradient + places : null,
            Accumulates = true,
        };
    }
}
