using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Evaluation.Export;

/// <summary>Writes a graph with its weights as an ONNX model with a variable batch size, using operator set 17.</summary>
internal sealed class OnnxExport
{
    private const string Batch = "N";

    private readonly OnnxModelWriter _model;
    private readonly float[] _weights;
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _values = [];

    private OnnxExport(string name, ReadOnlySpan<float> weights)
    {
        _model = new OnnxModelWriter(name);
        _weights = weights.ToArray();
    }

    /// <summary>Encodes a graph as the bytes of an ONNX file.</summary>
    /// <param name="graph">The graph; only nodes that its outputs depend on are written.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="weights">The flat vector.</param>
    /// <exception cref="BadInputException">The graph has an unsupported operation.</exception>
    internal static byte[] Encode(Graph graph, string name, ReadOnlySpan<float> weights)
    {
        var export = new OnnxExport(name, weights);
        foreach ((string input, Node node) in graph.Inputs)
        {
            export._model.Input(input, Batch, node.Shape);
            export._values[node.Id] = input;
        }

        HashSet<int> needed = Needed(graph);
        foreach (Node node in graph.Nodes)
        {
            if (needed.Contains(node.Id) && node.Operation is not InputOperation) export._values[node.Id] = export.Write(node);
        }

        foreach ((string output, Node node) in graph.Outputs)
        {
            export._model.Node("Identity", [export._values[node.Id]], output);
            export._model.Output(output, Batch, node.Shape);
        }

        return export._model.ToBytes();
    }

    private static HashSet<int> Needed(Graph graph)
    {
        var needed = new HashSet<int>();
        var open = new Stack<Node>(graph.Outputs.Values);
        while (open.TryPop(out Node? node))
        {
            if (!needed.Add(node.Id)) continue;
            foreach (Node input in node.Inputs) open.Push(input);
        }

        return needed;
    }

    private string Write(Node node) => node.Operation switch
    {
        ParameterOperation parameter => _model.Floats(parameter.Slice.Name, [1, node.Size], parameter.Slice.Of(_weights)),
        DenseOperation dense => Activate(
            _model.Node(
                "Gemm", [Flat(node.Inputs[0]), Masked(dense), Parameter(dense.Bias)], null, ("transB", 1)), dense.Activation),
        Conv2dOperation conv => Activate(Convolve("Conv", node, conv.Weight, conv.Bias, conv.Stride, conv.Padding), conv.Activation),
        ConvTranspose2dOperation conv =>
            Activate(Convolve("ConvTranspose", node, conv.Weight, conv.Bias, conv.Stride, conv.Padding), conv.Activation),
        GroupNormOperation norm => Activate(Normalize(norm, node), norm.Activation),
        UpsampleOperation upsample => Upsample(upsample.Factor, node),
        AveragePoolOperation pool => _model.Node(
            "AveragePool", [_values[node.Inputs[0].Id]], null, ("kernel_shape", new[] { pool.Factor, pool.Factor }),
            ("strides", new[] { pool.Factor, pool.Factor })),
        ReshapeOperation => Reshape(_values[node.Inputs[0].Id], node.Shape),
        SliceOperation slice => _model.Node(
            "Slice", [Flat(node.Inputs[0]), _model.Integers(slice.Offset), _model.Integers(slice.Offset + node.Size), _model.Integers(1)],
            null),
        SumOperation => _model.Node("ReduceSum", [Flat(node.Inputs[0]), _model.Integers(1)], null, ("keepdims", 1)),
        UnaryOperation unary => Write(unary, _values[node.Inputs[0].Id]),
        BinaryOperation binary => Reshape(
            _model.Node(binary.Function switch
            {
                BinaryFunction.Add => "Add",
                BinaryFunction.Subtract => "Sub",
                BinaryFunction.Multiply => "Mul",
                BinaryFunction.Divide => "Div",
                _ => throw Unknown(binary),
            }, [Flat(node.Inputs[0]), Flat(node.Inputs[1])], null), node.Shape),
        _ => throw Unknown(node.Operation),
    };

    private string Write(UnaryOperation unary, string x) => unary.Function switch
    {
        UnaryFunction.Relu or UnaryFunction.Tanh or UnaryFunction.Sigmoid or UnaryFunction.Softplus
            or UnaryFunction.Exp or UnaryFunction.Log
            or UnaryFunction.Abs => _model.Node(unary.Function.ToString(), [x], null),
        UnaryFunction.LeakyRelu => _model.Node("LeakyRelu", [x], null, ("alpha", unary.A)),
        UnaryFunction.Silu => Silu(x),
        UnaryFunction.Square => _model.Node("Mul", [x, x], null),
        UnaryFunction.Affine => _model.Node("Add", [_model.Node("Mul", [x, _model.Number(unary.A)], null), _model.Number(unary.B)], null),
        UnaryFunction.Clamp => _model.Node("Clip", [x, _model.Number(unary.A), _model.Number(unary.B)], null),
        UnaryFunction.ContinuousBernoulliMean => ContinuousBernoulliMean(x),
        _ => throw Unknown(unary),
    };

    // The mean of a continuous Bernoulli pixel, 1/(1 − e^−l) − 1/l, using the Taylor series about 0 if |l| < 1; see Core's
    // ContinuousBernoulli.
    private string ContinuousBernoulliMean(string logit)
    {
        string z = Apply("Mul", logit, logit), series = _model.Number((float)(1.0 / 47_900_160));
        foreach (double term in (double[])[-1.0 / 1_209_600, 1.0 / 30_240, -1.0 / 720, 1.0 / 12])
            series = Apply("Add", Apply("Mul", series, z), _model.Number((float)term));
        string near = Apply("Add", Apply("Mul", series, logit), _model.Number(0.5f)), one = _model.Number(1f);
        string far = Apply("Sub", Apply("Div", one, Apply("Sub", one, Apply("Exp", Apply("Neg", logit)))), Apply("Div", one, logit));
        return Apply("Where", Apply("Less", Apply("Abs", logit), one), near, far);
    }

    private string Apply(string type, params string[] inputs) => _model.Node(type, inputs, null);

    private string Convolve(string type, Node node, ParameterSlice weight, ParameterSlice bias, int stride, int padding) => _model.Node(
        type, [_values[node.Inputs[0].Id], Parameter(weight), Parameter(bias)], null,
        ("strides", new[] { stride, stride }), ("pads", new[] { padding, padding, padding, padding }));

    // The operator set has it only as instance normalisation of each group, without scale and shift of the channels.
    private string Normalize(GroupNormOperation norm, Node node)
    {
        int channels = node.Shape[0];
        float[] ones = [.. Enumerable.Repeat(1f, norm.Groups)];
        string groups = Reshape(_values[node.Inputs[0].Id], [norm.Groups, node.Size / norm.Groups]);
        string unit = _model.Node(
            "InstanceNormalization",
            [groups, _model.Floats($"{norm.Scale.Name}.ones", [norm.Groups], ones),
                _model.Floats($"{norm.Scale.Name}.zeros", [norm.Groups], new float[norm.Groups])],
            null, ("epsilon", GroupNormOperation.Epsilon));
        string scaled = Apply("Mul", Reshape(unit, node.Shape), Channels(norm.Scale)), shift = Channels(norm.Shift);
        return Apply("Add", scaled, shift);

        string Channels(ParameterSlice slice) => node.Shape.Count == 1
            ? Parameter(slice)
            : _model.Node("Reshape", [Parameter(slice), _model.Integers(channels, 1, 1)], null);
    }

    private string Upsample(int factor, Node node)
    {
        (int channels, int height, int width) = (node.Shape[0], node.Inputs[0].Shape[1], node.Inputs[0].Shape[2]);
        string split = Reshape(_values[node.Inputs[0].Id], [channels, height, 1, width, 1]);
        return Reshape(_model.Node("Expand", [split, _model.Integers(1, channels, height, factor, width, factor)], null), node.Shape);
    }

    private string Silu(string x) => Apply("Mul", x, Apply("Sigmoid", x));

    private string Activate(string x, Activation activation) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu or Activation.Tanh or Activation.Softplus => _model.Node(activation.ToString(), [x], null),
        Activation.LeakyRelu => _model.Node("LeakyRelu", [x], null, ("alpha", 0.01f)),
        Activation.Silu => Silu(x),
        _ => throw new BadInputException(
            "--format", null, "onnx", $"ONNX export does not support the activation {activation} of this model"),
    };

    // Features of an example are in channel, row, column order, as in PyTorch's and ONNX's flatten.
    private string Flat(Node node) => node.Shape.Count == 1 || !node.PerExample ? _values[node.Id] : Reshape(_values[node.Id], [node.Size]);

    private string Reshape(string x, IReadOnlyList<int> shape) =>
        _model.Node("Reshape", [x, _model.Integers([-1, .. shape.Select(size => (long)size)])], null);

    // Weights that do not count are written as 0.
    private string Masked(DenseOperation dense)
    {
        if (dense.Mask is not { } mask) return Parameter(dense.Weight);
        if (!_parameters.Add(dense.Weight.Name)) return dense.Weight.Name;
        float[] weights = dense.Weight.Of(_weights).ToArray();
        foreach ((int i, float counts) in mask.ToArray().Index())
            if (counts == 0f) weights[i] = 0f;
        return _model.Floats(dense.Weight.Name, dense.Weight.Shape, weights);
    }

    private string Parameter(ParameterSlice slice) =>
        _parameters.Add(slice.Name) ? _model.Floats(slice.Name, slice.Shape, slice.Of(_weights)) : slice.Name;

    private static BadInputException Unknown(Operation operation) =>
        new("--format", null, "onnx", $"ONNX export does not support an operation of this model ({operation})");
}
