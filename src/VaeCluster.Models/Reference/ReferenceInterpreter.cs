using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Reference;

/// <summary>
/// Executes a graph in float64 with plain loops, one element at a time: slow, but as close to the formulas as possible. Both engines are
/// tested against it, and its gradients are tested against finite differences.
/// </summary>
public sealed class ReferenceInterpreter
{
    private readonly Graph _graph;
    private readonly Dictionary<string, double> _scalars;
    private readonly double[][] _values;
    private readonly double[][] _gradients;
    private double[] _weights = [];

    /// <summary>Prepares a graph for a number of examples.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="examples">Rows of the batch.</param>
    public ReferenceInterpreter(Graph graph, int examples)
    {
        _graph = graph;
        Examples = examples;
        _scalars = graph.Scalars.ToDictionary(name => name, _ => 1.0, StringComparer.Ordinal);
        _values = [.. graph.Nodes.Select(node => new double[Rows(node) * node.Size])];
        _gradients = [.. graph.Nodes.Select(node => new double[Rows(node) * node.Size])];
    }

    /// <summary>Rows of the batch.</summary>
    public int Examples { get; }

    /// <summary>An input's memory, [examples, size] row-major.</summary>
    /// <param name="name">Name of the input.</param>
    public Span<double> Input(string name) => _values[_graph.Inputs[name].Id];

    /// <summary>Sets a scalar for the next runs; its initial value is 1.</summary>
    /// <param name="name">Name of the scalar.</param>
    /// <param name="value">Its value.</param>
    public void SetScalar(string name, double value)
    {
        if (!_scalars.ContainsKey(name)) throw new KeyNotFoundException($"the graph has no scalar '{name}'");
        _scalars[name] = value;
    }

    /// <summary>An output's values, [examples, size] row-major.</summary>
    /// <param name="name">Name of the output.</param>
    public ReadOnlySpan<double> Output(string name) => _values[_graph.Outputs[name].Id];

    /// <summary>The value of any node after <see cref="Forward"/>.</summary>
    /// <param name="node">A node of the graph.</param>
    public ReadOnlySpan<double> ValueOf(Node node) => _values[node.Id];

    /// <summary>Computes every value.</summary>
    /// <param name="weights">The flat vector.</param>
    public void Forward(ReadOnlySpan<double> weights)
    {
        _weights = weights.ToArray();
        foreach (Node node in _graph.Nodes) Compute(node);
    }

    /// <summary>Computes the gradient of the graph's loss, summed over the examples, after <see cref="Forward"/>.</summary>
    /// <returns>The gradient: a vector of the whole layout.</returns>
    public double[] Backward()
    {
        Node loss = _graph.Loss ?? throw new InvalidOperationException("the graph has no loss");
        var result = new double[_graph.Parameters.Length];
        foreach (double[] gradient in _gradients) Array.Clear(gradient);
        Array.Fill(_gradients[loss.Id], 1.0);
        for (int id = loss.Id; id >= 0; id--) Differentiate(_graph.Nodes[id], result);
        return result;
    }

    private int Rows(Node node) => node.Rows(Examples);

    private double[] Value(Node node) => _values[node.Id];

    private double[] Gradient(Node node) => _gradients[node.Id];

    private void Compute(Node node)
    {
        double[] y = Value(node);
        switch (node.Operation)
        {
            case InputOperation:
                break;
            case ParameterOperation parameter:
                _weights.AsSpan(parameter.Slice.Offset, parameter.Slice.Length).CopyTo(y);
                break;
            case ParameterRowsOperation rows:
                _weights.AsSpan(rows.Slice.Offset, rows.Slice.Length).CopyTo(y);
                break;
            case DenseOperation dense:
                ReferenceLayers.Dense(dense, _weights, Value(node.Inputs[0]), y, Rows(node));
                break;
            case Conv2dOperation conv:
                ReferenceLayers.Conv(conv, _weights, Value(node.Inputs[0]), node.Inputs[0].Shape, y, node.Shape, Rows(node));
                break;
            case ConvTranspose2dOperation conv:
                ReferenceLayers.ConvTranspose(conv, _weights, Value(node.Inputs[0]), node.Inputs[0].Shape, y, node.Shape, Rows(node));
                break;
            case GroupNormOperation norm:
                ReferenceNormalization.Compute(norm, _weights, Value(node.Inputs[0]), y, node, Rows(node));
                break;
            case ChannelScaleOperation:
                for (int i = 0; i < y.Length; i++) y[i] = Value(node.Inputs[0])[i] * Value(node.Inputs[1])[ChannelOf(node, i)];
                break;
            case UpsampleOperation upsample:
                for (int i = 0; i < y.Length; i++) y[i] = Value(node.Inputs[0])[SmallPlace(node, node.Inputs[0], upsample.Factor, i)];
                break;
            case AveragePoolOperation pool:
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                    y[SmallPlace(node.Inputs[0], node, pool.Factor, i)] += Value(node.Inputs[0])[i] / (pool.Factor * pool.Factor);
                break;
            case ReshapeOperation:
                Value(node.Inputs[0]).CopyTo(y, 0);
                break;
            case SliceOperation slice:
                int width = node.Inputs[0].Size;
                for (int i = 0; i < y.Length; i++) y[i] = Value(node.Inputs[0])[(i / node.Size * width) + slice.Offset + (i % node.Size)];
                break;
            case UnaryOperation unary:
                for (int i = 0; i < y.Length; i++) y[i] = ReferenceFunctions.Apply(unary, Value(node.Inputs[0])[i]);
                break;
            case BinaryOperation binary:
                for (int i = 0; i < y.Length; i++)
                    y[i] = ReferenceFunctions.Apply(binary.Function, At(node.Inputs[0], node, i), At(node.Inputs[1], node, i));
                break;
            case ScaleOperation scale:
                for (int i = 0; i < y.Length; i++) y[i] = Value(node.Inputs[0])[i] * _scalars[scale.Scalar];
                break;
            case ShiftOperation shift:
                for (int i = 0; i < y.Length; i++) y[i] = Value(node.Inputs[0])[i] - _scalars[shift.Scalar];
                break;
            case LogMeanExpOperation:
                for (int i = 0; i < y.Length; i++)
                {
                    double largest = node.Inputs.Max(input => Value(input)[i]);
                    y[i] = largest + Math.Log(node.Inputs.Sum(input => Math.Exp(Value(input)[i] - largest)) / node.Inputs.Count);
                }

                break;
            case SumOperation:
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++) y[i / node.Inputs[0].Size] += Value(node.Inputs[0])[i];
                break;
            case ReparameterizeOperation:
                for (int i = 0; i < y.Length; i++)
                    y[i] = Value(node.Inputs[0])[i] + (Math.Exp(0.5 * Value(node.Inputs[1])[i]) * Value(node.Inputs[2])[i]);
                break;
            case GaussianKlOperation:
                for (int i = 0; i < y.Length; i++)
                {
                    double mean = Value(node.Inputs[0])[i], logVariance = Value(node.Inputs[1])[i];
                    y[i] = 0.5 * ((mean * mean) + Math.Exp(logVariance) - logVariance - 1);
                }

                break;
            case MixtureLogDensityOperation:
                for (int i = 0; i < Examples; i++) y[i] = MixtureOf(node).LogDensity(i);
                break;
            case BernoulliLogLikelihoodOperation:
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    double logit = Value(node.Inputs[0])[i];
                    y[i / node.Inputs[0].Size] += (Value(node.Inputs[1])[i] * logit) - ReferenceFunctions.Softplus(logit);
                }

                break;
            case GaussianLogLikelihoodOperation:
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    double logVariance = At(node.Inputs[1], node.Inputs[0], i);
                    double error = Value(node.Inputs[2])[i] - Value(node.Inputs[0])[i];
                    y[i / node.Inputs[0].Size] -= 0.5 * ((error * error * Math.Exp(-logVariance)) + logVariance + Math.Log(2 * Math.PI));
                }

                break;
            case ContinuousBernoulliLogLikelihoodOperation:
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                    y[i / node.Inputs[0].Size] += ReferenceLikelihoods.OfContinuousBernoulli(
                        Value(node.Inputs[0])[i], Value(node.Inputs[1])[i]).Value;
                break;
            case { } likelihood when ReferenceLikelihoods.HasLocationAndScale(likelihood):
                Array.Clear(y);
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++) y[i / node.Inputs[0].Size] += LocationAndScale(node, i).Value;
                break;
            default:
                throw new NotSupportedException($"the reference interpreter does not support {node.Operation}");
        }
    }

    private (double Value, double ByLocation, double ByLogScale) LocationAndScale(Node node, int index) =>
        ReferenceLikelihoods.OfLocationAndScale(
        node.Operation, Value(node.Inputs[0])[index], At(node.Inputs[1], node.Inputs[0], index), Value(node.Inputs[2])[index]);

    private ReferenceMixture MixtureOf(Node node) => new(
        node.Inputs[0].Size, Value(node.Inputs[0]), Value(node.Inputs[1]), Value(node.Inputs[2]),
        node.Inputs.Count > 3 ? Value(node.Inputs[3]) : new double[node.Inputs[1].Rows(Examples)]);

    private void Differentiate(Node node, double[] result)
    {
        double[] dy = Gradient(node), y = Value(node);
        switch (node.Operation)
        {
            case InputOperation:
                break;
            case ParameterOperation parameter:
                for (int i = 0; i < dy.Length; i++) result[parameter.Slice.Offset + i] += dy[i];
                break;
            case ParameterRowsOperation rows:
                for (int i = 0; i < dy.Length; i++) result[rows.Slice.Offset + i] += dy[i];
                break;
            case DenseOperation dense:
                ReferenceLayers.DenseBackward(dense, _weights, Value(node.Inputs[0]), y, dy, Gradient(node.Inputs[0]), result, Rows(node));
                break;
            case Conv2dOperation conv:
                ReferenceLayers.ConvBackward(
                    conv, _weights, Value(node.Inputs[0]), node.Inputs[0].Shape, y, dy, node.Shape, Gradient(node.Inputs[0]), result,
                    Rows(node));
                break;
            case ConvTranspose2dOperation conv:
                ReferenceLayers.ConvTransposeBackward(
                    conv, _weights, Value(node.Inputs[0]), node.Inputs[0].Shape, y, dy, node.Shape, Gradient(node.Inputs[0]), result,
                    Rows(node));
                break;
            case GroupNormOperation norm:
                ReferenceNormalization.Differentiate(
                    norm, _weights, Value(node.Inputs[0]), dy, Gradient(node.Inputs[0]), result, node, Rows(node));
                break;
            case ChannelScaleOperation:
                for (int i = 0; i < dy.Length; i++)
                    Gradient(node.Inputs[0])[i] += dy[i] * Value(node.Inputs[1])[ChannelOf(node, i)];
                break;
            case UpsampleOperation upsample:
                for (int i = 0; i < dy.Length; i++)
                    Gradient(node.Inputs[0])[SmallPlace(node, node.Inputs[0], upsample.Factor, i)] += dy[i];
                break;
            case AveragePoolOperation pool:
                for (int i = 0; i < Gradient(node.Inputs[0]).Length; i++)
                    Gradient(node.Inputs[0])[i] += dy[SmallPlace(node.Inputs[0], node, pool.Factor, i)] / (pool.Factor * pool.Factor);
                break;
            case ReshapeOperation:
                for (int i = 0; i < dy.Length; i++) Gradient(node.Inputs[0])[i] += dy[i];
                break;
            case SliceOperation slice:
                int width = node.Inputs[0].Size;
                for (int i = 0; i < dy.Length; i++)
                    Gradient(node.Inputs[0])[(i / node.Size * width) + slice.Offset + (i % node.Size)] += dy[i];
                break;
            case UnaryOperation unary:
                for (int i = 0; i < dy.Length; i++)
                    Gradient(node.Inputs[0])[i] += dy[i] * ReferenceFunctions.Derivative(unary, Value(node.Inputs[0])[i]);
                break;
            case BinaryOperation binary:
                for (int i = 0; i < dy.Length; i++)
                {
                    double a = At(node.Inputs[0], node, i), b = At(node.Inputs[1], node, i);
                    (double da, double db) = ReferenceFunctions.Derivatives(binary.Function, a, b);
                    AddAt(node.Inputs[0], node, i, dy[i] * da);
                    AddAt(node.Inputs[1], node, i, dy[i] * db);
                }

                break;
            case ScaleOperation scale:
                for (int i = 0; i < dy.Length; i++) Gradient(node.Inputs[0])[i] += dy[i] * _scalars[scale.Scalar];
                break;
            case ShiftOperation:
                for (int i = 0; i < dy.Length; i++) Gradient(node.Inputs[0])[i] += dy[i];
                break;
            case LogMeanExpOperation:
                foreach (Node input in node.Inputs)
                    for (int i = 0; i < dy.Length; i++) Gradient(input)[i] += dy[i] * Math.Exp(Value(input)[i] - y[i]) / node.Inputs.Count;
                break;
            case SumOperation:
                for (int i = 0; i < Gradient(node.Inputs[0]).Length; i++) Gradient(node.Inputs[0])[i] += dy[i / node.Inputs[0].Size];
                break;
            case ReparameterizeOperation:
                for (int i = 0; i < dy.Length; i++)
                {
                    Gradient(node.Inputs[0])[i] += dy[i];
                    Gradient(node.Inputs[1])[i] += dy[i] * 0.5 * Math.Exp(0.5 * Value(node.Inputs[1])[i]) * Value(node.Inputs[2])[i];
                }

                break;
            case GaussianKlOperation:
                for (int i = 0; i < dy.Length; i++)
                {
                    Gradient(node.Inputs[0])[i] += dy[i] * Value(node.Inputs[0])[i];
                    Gradient(node.Inputs[1])[i] += dy[i] * 0.5 * (Math.Exp(Value(node.Inputs[1])[i]) - 1);
                }

                break;
            case MixtureLogDensityOperation:
                for (int i = 0; i < Examples; i++) MixtureOf(node).Differentiate(i, dy[i], [.. node.Inputs.Select(Gradient)]);
                break;
            case BernoulliLogLikelihoodOperation:
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    double residual = Value(node.Inputs[1])[i] - ReferenceFunctions.Sigmoid(Value(node.Inputs[0])[i]);
                    Gradient(node.Inputs[0])[i] += dy[i / node.Inputs[0].Size] * residual;
                }

                break;
            case GaussianLogLikelihoodOperation:
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    double precision = Math.Exp(-At(node.Inputs[1], node.Inputs[0], i));
                    double error = Value(node.Inputs[2])[i] - Value(node.Inputs[0])[i];
                    double upstream = dy[i / node.Inputs[0].Size];
                    Gradient(node.Inputs[0])[i] += upstream * error * precision;
                    AddAt(node.Inputs[1], node.Inputs[0], i, upstream * 0.5 * ((error * error * precision) - 1));
                }

                break;
            case ContinuousBernoulliLogLikelihoodOperation:
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    double residual =
                        ReferenceLikelihoods.OfContinuousBernoulli(Value(node.Inputs[0])[i], Value(node.Inputs[1])[i]).ByLogit;
                    Gradient(node.Inputs[0])[i] += dy[i / node.Inputs[0].Size] * residual;
                }

                break;
            case { } likelihood when ReferenceLikelihoods.HasLocationAndScale(likelihood):
                for (int i = 0; i < Value(node.Inputs[0]).Length; i++)
                {
                    (_, double byLocation, double byLogScale) = LocationAndScale(node, i);
                    Gradient(node.Inputs[0])[i] += dy[i / node.Inputs[0].Size] * byLocation;
                    AddAt(node.Inputs[1], node.Inputs[0], i, dy[i / node.Inputs[0].Size] * byLogScale);
                }

                break;
            default:
                throw new NotSupportedException($"the reference interpreter does not support {node.Operation}");
        }
    }

    // The place of an element's channel among the factors of all examples.
    private static int ChannelOf(Node node, int index) => index / (node.Size / node.Shape[0]);

    // The place in a small map of the square to which an element of a large one belongs.
    private static int SmallPlace(Node large, Node small, int factor, int index)
    {
        int column = index % large.Shape[2], row = index / large.Shape[2] % large.Shape[1];
        int map = index / (large.Shape[1] * large.Shape[2]);
        return (((map * small.Shape[1]) + (row / factor)) * small.Shape[2]) + (column / factor);
    }

    // Broadcasting: an operand of size 1 is repeated over the features, one that is not per example over the rows.
    private static int Place(Node operand, Node shape, int index)
    {
        int row = operand.HasRows ? index / shape.Size : 0;
        int feature = operand.Size == 1 ? 0 : index % shape.Size;
        return (row * operand.Size) + feature;
    }

    private double At(Node operand, Node shape, int index) => Value(operand)[Place(operand, shape, index)];

    private void AddAt(Node operand, Node shape, int index, double value) => Gradient(operand)[Place(operand, shape, index)] += value;
}
