using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Objectives;

/// <summary>Samples of q(z|x) in a graph, with the terms that a bound needs of each.</summary>
internal sealed class DrawnSamples
{
    internal const string Name = "samples";

    private readonly ModelWriter _model;
    private readonly Node _mean, _logVariance;
    private readonly LatentSample[] _draws;

    private DrawnSamples(ModelWriter model, Encoding encoding, LatentSample[] draws, Node[] reconstructions)
    {
        _model = model;
        (_mean, _logVariance) = (encoding.Mean, encoding.LogVariance);
        _draws = draws;
        Reconstructions = reconstructions;
    }

    /// <summary>−log p(x|z) of each sample, one element per example, in nats.</summary>
    internal IReadOnlyList<Node> Reconstructions { get; }

    /// <summary>The field with the number of samples.</summary>
    /// <param name="standard">The default.</param>
    /// <param name="meaning">What it says of itself.</param>
    internal static FieldRule Field(long standard, string meaning = "samples of z per example in a step") =>
        new(Name, FieldKind.Integer, meaning) { Default = standard, Min = 1, Max = 1024 };

    /// <summary>Draws and decodes samples.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Noise, decoder and likelihood.</param>
    /// <param name="encoding">What the encoder gives.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="first">Index of the first sample's noise.</param>
    /// <param name="factors">What the gradient of each z is multiplied by; null: nothing.</param>
    internal static DrawnSamples Write(
        GraphBuilder graph, ModelWriter model, Encoding encoding, int count, int first = 0, IReadOnlyList<Node>? factors = null)
    {
        var draws = new LatentSample[count];
        var reconstructions = new Node[count];
        for (int sample = 0; sample < count; sample++)
        {
            LatentSample drawn = model.Draw(graph, encoding, model.NoiseOf(graph, first + sample));
            if (factors is not null) drawn = drawn with { Z = graph.ScaleGradient(drawn.Z, factors[sample]) };
            draws[sample] = drawn;
            reconstructions[sample] = model.Reconstruction(graph, drawn.Z, model.X);
        }

        return new DrawnSamples(model, encoding, draws, reconstructions);
    }

    /// <summary>
    /// log q(z|x) − log p(z) of each sample, one element per example, in nats: an unbiased estimate of the KL. For N(0, I) it is
    /// ½ Σ z² − ε² − log σ².
    /// </summary>
    /// <param name="graph">The graph to write into.</param>
    internal IReadOnlyList<Node> Kls(GraphBuilder graph) =>
    [
        .. _draws.Select(draw =>
        {
            if (!_model.HasClosedFormKl) return _model.EstimatedKl(graph, _logVariance, draw);
            Node squares = graph.Subtract(graph.Unary(UnaryFunction.Square, draw.Z), graph.Unary(UnaryFunction.Square, draw.Noise));
            return graph.Affine(graph.Sum(graph.Subtract(squares, _logVariance)), 0.5f);
        }),
    ];

    /// <summary>
    /// log w = log p(x|z) + log p(z) − log q(z|x) of each sample, one element per example, in nats; a β schedule scales the last two.
    /// </summary>
    /// <param name="graph">The graph to write into.</param>
    internal Node[] LogWeights(GraphBuilder graph) => LogWeights(graph, Kls(graph));

    /// <summary>
    /// The same values of a Gaussian q(z|x); but no gradient flows through the parameters of q(z|x) in log q(z|x), only through z.
    /// </summary>
    /// <param name="graph">The graph to write into.</param>
    internal Node[] LogWeightsOfFixedPosterior(GraphBuilder graph)
    {
        Node mean = graph.Stop(_mean), logVariance = graph.Stop(_logVariance);
        Node precision = graph.Unary(UnaryFunction.Exp, graph.Affine(logVariance, -1f));
        return LogWeights(graph, [
            .. _draws.Select(draw =>
            {
                Node distance = graph.Unary(UnaryFunction.Square, graph.Subtract(draw.Z, mean));
                Node logDensity = graph.Add(graph.Binary(BinaryFunction.Multiply, distance, precision), logVariance);
                if (!_model.HasClosedFormKl)
                    return graph.Subtract(graph.Affine(graph.Sum(logDensity), -0.5f), _model.LogPrior(graph, draw.Z));
                return graph.Affine(graph.Sum(graph.Subtract(graph.Unary(UnaryFunction.Square, draw.Z), logDensity)), 0.5f);
            }),
        ]);
    }

    private Node[] LogWeights(GraphBuilder graph, IReadOnlyList<Node> kls) =>
    [
        .. Reconstructions.Zip(
            kls, (reconstruction, kl) => graph.Affine(graph.Add(reconstruction, graph.Scale(kl, VaeModel.BetaScalar)), -1f)),
    ];
}
