using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;

namespace VaeCluster.Models;

/// <summary>Writes the parts of a model into a graph, from which an objective is composed.</summary>
public sealed class ModelWriter
{
    private readonly Architecture _architecture;
    private readonly Likelihood _likelihood;
    private readonly ArchitectureShape _shape;
    private readonly Objective _objective;
    private readonly DropoutMasks? _masks;

    internal ModelWriter(
        GraphBuilder graph, Architecture architecture, Likelihood likelihood, ArchitectureShape shape, Objective objective, int samples = 1,
        bool isCorrupted = false, DropoutMasks? masks = null)
    {
        _masks = masks;
        _objective = objective;
        _architecture = architecture;
        _likelihood = likelihood;
        _shape = shape;
        X = graph.Input(VaeModel.ImageInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width);
        Seen = isCorrupted ? graph.Input(VaeModel.SeenInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width) : X;
        Noise = graph.Input(VaeModel.NoiseInput, samples * shape.Latent);
    }

    /// <summary>The images, [channels, height, width].</summary>
    public Node X { get; }

    /// <summary>What the encoder sees: the images, or in training with <c>data.corruption</c> their corrupted copies.</summary>
    public Node Seen { get; }

    /// <summary>ε, one element per latent dimension and sample.</summary>
    public Node Noise { get; }

    /// <summary>The ε of one sample.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="sample">Index of the sample, from 0.</param>
    public Node NoiseOf(GraphBuilder graph, int sample) =>
        Noise.Size == _shape.Latent ? Noise : graph.Slice(Noise, sample * _shape.Latent, _shape.Latent);

    /// <summary>The code of an encoder without variance.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public Node Code(GraphBuilder graph, Node x) => _objective.Code(graph, _architecture.Encode(graph, x, _masks));

    /// <summary>μ and log σ² of q(z|x); log σ² is clamped so that σ² stays finite.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public (Node Mean, Node LogVariance) Posterior(GraphBuilder graph, Node x)
    {
        Node code = _architecture.Encode(graph, x, _masks);
        Node logVariance =
            graph.Clamp(graph.Slice(code, _shape.Latent, _shape.Latent), VaeModel.SmallestLogVariance, VaeModel.LargestLogVariance);
        return (graph.Slice(code, 0, _shape.Latent), logVariance);
    }

    /// <summary>−log p(x|z), one element per example, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    /// <param name="x">Images.</param>
    public Node Reconstruction(GraphBuilder graph, Node z, Node x) =>
        graph.Affine(_likelihood.LogLikelihood(graph, _architecture.Decode(graph, z, _masks), x), -1f);
}
