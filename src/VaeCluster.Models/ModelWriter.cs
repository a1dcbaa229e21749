using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Priors;

namespace VaeCluster.Models;

/// <summary>Writes the parts of a model into a graph, from which an objective is composed.</summary>
public sealed class ModelWriter
{
    private readonly Architecture _architecture;
    private readonly Likelihood _likelihood;
    private readonly ArchitectureShape _shape;
    private readonly Objective _objective;
    private readonly Prior _prior;
    private PriorComponents? _components;

    internal ModelWriter(
        GraphBuilder graph, Architecture architecture, Likelihood likelihood, Prior prior, ArchitectureShape shape, Objective objective,
        int samples = 1, bool isCorrupted = false)
    {
        _objective = objective;
        _prior = prior;
        _architecture = architecture;
        _likelihood = likelihood;
        _shape = shape;
        X = graph.Input(VaeModel.ImageInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width);
        Seen = isCorrupted ? graph.Input(VaeModel.SeenInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width) : X;
        Noise = graph.Input(VaeModel.NoiseInput, samples * shape.Latent);
    }

    /// <summary>Whether KL(q(z|x) ‖ p(z)) has a closed form; otherwise it is estimated from samples of z.</summary>
    public bool HasClosedFormKl => _prior.IsStandard;

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

    /// <summary>All that the encoder gives of the images.</summary>
    /// <param name="graph">The graph to write into.</param>
    internal Node Encoded(GraphBuilder graph) => _architecture.Encode(graph, X);

    /// <summary>The code of an encoder without variance.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public Node Code(GraphBuilder graph, Node x) => _objective.Code(graph, _architecture.Encode(graph, x));

    /// <summary>μ and log σ² of q(z|x); log σ² is clamped so that σ² stays finite.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public (Node Mean, Node LogVariance) Posterior(GraphBuilder graph, Node x) => Moments(graph, _architecture.Encode(graph, x));

    /// <summary>log p(z) + (M/2)·log 2π, one element per example, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    public Node LogPrior(GraphBuilder graph, Node z)
    {
        if (_prior.IsStandard) return graph.Affine(graph.Sum(graph.Unary(UnaryFunction.Square, z)), -0.5f);
        PriorComponents components = _components ??= _prior.Components(graph, images => Posterior(graph, images))!;
        return graph.MixtureLogDensity(z, components.Mean, components.LogVariance, components.Logit);
    }

    /// <summary>log q(z|x) − log p(z) of a sample, one element per example, in nats: an unbiased estimate of the KL.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="logVariance">log σ² of q(z|x).</param>
    /// <param name="noise">The sample's ε.</param>
    /// <param name="z">The sample.</param>
    public Node EstimatedKl(GraphBuilder graph, Node logVariance, Node noise, Node z)
    {
        Node logPosterior = graph.Affine(
            graph.Sum(graph.Add(graph.Unary(UnaryFunction.Square, noise), logVariance)), -0.5f);
        return graph.Subtract(logPosterior, LogPrior(graph, z));
    }

    /// <summary>μ and log σ² in what the encoder gives; see <see cref="Posterior"/>.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="code">The encoder's outputs.</param>
    internal (Node Mean, Node LogVariance) Moments(GraphBuilder graph, Node code)
    {
        Node logVariance =
            graph.Clamp(graph.Slice(code, _shape.Latent, _shape.Latent), VaeModel.SmallestLogVariance, VaeModel.LargestLogVariance);
        return (graph.Slice(code, 0, _shape.Latent), logVariance);
    }

    /// <summary>−log p(x|z), one element per example, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    /// <param name="x">Images.</param>
    public Node Reconstruction(GraphBuilder graph, Node z, Node x) =>
        graph.Affine(_likelihood.LogLikelihood(graph, _architecture.Decode(graph, z), x), -1f);
}
