using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Posteriors;

/// <summary>
/// Inverse autoregressive flow, z' = s·z + (1 − s)·m with s = sigmoid(gate) and log|det| = Σ log s. A masked network gives m and gate of
/// each dimension from the dimensions before it and from a context of the encoder; 1.5 is added to the gate, so that a step begins near the
/// identity. The order of the dimensions is reversed between steps.
/// Source: Kingma et al., Improving variational inference with inverse autoregressive flow (2016), algorithm 1 and equation 14.
/// </summary>
public sealed class AutoregressivePosterior : Posterior
{
    private const float GateBias = 1.5f;

    private static readonly FieldRule Hidden =
        new("hidden", FieldKind.Integer, "units of the hidden layer of each step") { Default = 64L, Min = 1, Max = 65_536 };

    private static readonly FieldRule Context =
        new("context", FieldKind.Integer, "features that the encoder gives the steps") { Default = 32L, Min = 1, Max = 65_536 };

    private readonly int _latent;
    private readonly List<Step> _steps = [];

    /// <summary>Declares the steps.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public AutoregressivePosterior(MemberSpec spec, int latent, ParameterLayout.Builder parameters)
    {
        _latent = latent;
        ContextSize = spec.Integer(Context.Name);
        int hidden = spec.Integer(Hidden.Name), steps = spec.Integer(StepsField.Name);
        Int128 output = (Int128)2 * hidden * latent, context = (Int128)hidden * ContextSize;
        ModelSize.Demand(
            "model.posterior.hidden", FormattableString.Invariant($"{hidden}"),
            (2 * steps * (output + context), Int128.Max(output, context)));
        for (int step = 0; step < steps; step++)
        {
            // A dimension has degree 1 to M in the order of the step. A hidden unit of degree d sees those of degree ≤ d, and reaches the
            // outputs of dimensions of a higher degree; units of degree 0 see the context alone.
            int[] order = [.. Enumerable.Range(1, latent)];
            if (step % 2 == 1) Array.Reverse(order);
            int[] units = [.. Enumerable.Range(0, hidden).Select(unit => unit % latent)];
            string name = FormattableString.Invariant($"posterior.{step}");
            _steps.Add(new Step(
                new Layer(parameters, $"{name}.hidden", hidden, latent, new DenseMask(order, units)),
                new Layer(parameters, $"{name}.context", hidden, ContextSize, null),
                new Layer(parameters, $"{name}.output", 2 * latent, hidden, new DenseMask(
                    units, [.. order.Concat(order).Select(degree => degree - 1)]))));
        }
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "iaf", "inverse autoregressive flow from a Gaussian (Kingma et al. 2016)", [StepsField, Hidden, Context]);

    /// <inheritdoc/>
    public override int ContextSize { get; }

    /// <inheritdoc/>
    public override (Node Z, Node? LogDeterminant) Transform(GraphBuilder graph, Node z, Node? context)
    {
        Node? all = null;
        foreach (Step step in _steps)
        {
            Node sums = graph.Add(step.Hidden.Apply(graph, z), step.Context.Apply(graph, context!));
            Node outputs = step.Output.Apply(graph, graph.Unary(UnaryFunction.Tanh, sums));
            Node mean = graph.Slice(outputs, 0, _latent);
            Node gate = graph.Affine(graph.Slice(outputs, _latent, _latent), 1f, GateBias);

            // s·z + (1 − s)·m = m + s·(z − m), and log s = −softplus(−gate).
            Node share = graph.Unary(UnaryFunction.Sigmoid, gate);
            z = graph.Add(mean, graph.Binary(BinaryFunction.Multiply, share, graph.Subtract(z, mean)));
            Node logarithm = graph.Affine(graph.Sum(graph.Unary(UnaryFunction.Softplus, graph.Affine(gate, -1f))), -1f);
            all = all is null ? logarithm : graph.Add(all, logarithm);
        }

        return (z, all);
    }

    private sealed record Step(Layer Hidden, Layer Context, Layer Output);

    private sealed class Layer(ParameterLayout.Builder parameters, string name, int outputs, int inputs, DenseMask? mask)
    {
        private readonly ParameterSlice _weight = parameters.Add($"{name}.weight", [outputs, inputs], inputs);
        private readonly ParameterSlice _bias = parameters.Add($"{name}.bias", [outputs], inputs);

        internal Node Apply(GraphBuilder graph, Node x) => graph.Dense(x, _weight, _bias, mask: mask);
    }
}
