using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Objectives;

/// <summary>Samples z = μ + σ·ε of q(z|x) in a graph, with the terms that a bound needs of each.</summary>
internal sealed class DrawnSamples
{
    internal const string Name = "samples";

    private readonly Node _logVariance;
    private readonly (Node Z, Node Noise)[] _draws;

    private DrawnSamples(Node logVariance, (Node Z, Node Noise)[] draws, Node[] reconstructions)
    {
        _logVariance = logVariance;
        _draws = draws;
        Reconstructions = reconstructions;
    }

    /// <summary>−log p(x|z) of each sample, one element per example, in nats.</summary>
    internal IReadOnlyList<Node> Reconstructions { get; }

    /// <summary>The field with the number of samples.</summary>
    internal static FieldRule Field(long standard) =>
        new(Name, FieldKind.Integer, "samples of z per example in a step") { Default = standard, Min = 1, Max = 1024 };

    /// <summary>Draws and decodes samples.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Noise, decoder and likelihood.</param>
    /// <param name="mean">μ.</param>
    /// <param name="logVariance">log σ².</param>
    /// <param name="count">Number of samples.</param>
    internal static DrawnSamples Write(GraphBuilder graph, ModelWriter model, Node mean, Node logVariance, int count)
    {
        var draws = new (Node Z, Node Noise)[count];
        var reconstructions = new Node[count];
        for (int sample = 0; sample < count; sample++)
        {
            Node noise = model.NoiseOf(graph, sample);
            draws[sample] = (graph.Reparameterize(mean, logVariance, noise), noise);
            reconstructions[sample] = model.Reconstruction(graph, draws[sample].Z, model.X);
        }

        return new DrawnSamples(logVariance, draws, reconstructions);
    }

    /// <summary>
    /// log q(z|x) − log p(z) = ½ Σ z² − ε² − log σ² of each sample, one element per example, in nats: an unbiased estimate of the KL.
    /// </summary>
    /// <param name="graph">The graph to write into.</param>
    internal IReadOnlyList<Node> Kls(GraphBuilder graph) =>
    [
        .. _draws.Select(draw =>
        {
            Node squares = graph.Subtract(graph.Unary(UnaryFunction.Square, draw.Z), graph.Unary(UnaryFunction.Square, draw.Noise));
            return graph.Affine(graph.Sum(graph.Subtract(squares, _logVariance)), 0.5f);
        }),
    ];
}
