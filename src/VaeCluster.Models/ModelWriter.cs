using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Models.Posteriors;
using VaeCluster.Models.Priors;

namespace VaeCluster.Models;

/// <summary>Writes the parts of a model into a graph, from which an objective is composed.</summary>
public sealed class ModelWriter
{
    private readonly Architecture _architecture;
    private readonly Likelihood _likelihood;
    private readonly ArchitectureShape _shape;
    private readonly Objective _objective;
    private readonly DropoutMasks? _masks;
    private readonly Prior _prior;
    private readonly Posterior _posterior;
    private PriorComponents? _components;

    internal ModelWriter(
        GraphBuilder graph, Architecture architecture, Likelihood likelihood, Prior prior, Posterior posterior, ArchitectureShape shape,
        Objective objective, int samples = 1, bool isCorrupted = false, DropoutMasks? masks = null)
    {
        _masks = masks;
        _objective = objective;
        _posterior = posterior;
        _prior = prior;
        _architecture = architecture;
        _likelihood = likelihood;
        _shape = shape;
        X = graph.Input(VaeModel.ImageInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width);
        Seen = isCorrupted ? graph.Input(VaeModel.SeenInput, shape.Image.Channels, shape.Image.Height, shape.Image.Width) : X;
        Noise = graph.Input(VaeModel.NoiseInput, samples * shape.Latent);
    }

    /// <summary>Whether KL(q(z|x) ‖ p(z)) has a closed form; otherwise it is estimated from samples of z.</summary>
    public bool HasClosedFormKl => _prior.IsStandard && _posterior.IsGaussian;

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
    public Node Code(GraphBuilder graph, Node x) => _objective.Code(graph, _architecture.Encode(graph, x, _masks));

    /// <summary>All that q(z|x) is made of.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public Encoding Encode(GraphBuilder graph, Node x) => Read(graph, _architecture.Encode(graph, x, _masks));

    /// <summary>A sample of q(z|x).</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="encoding">What the encoder gives.</param>
    /// <param name="noise">ε.</param>
    public LatentSample Draw(GraphBuilder graph, Encoding encoding, Node noise)
    {
        (Node z, Node? logDeterminant) = _posterior.Transform(
            graph, graph.Reparameterize(encoding.Mean, encoding.LogVariance, noise), encoding.Context);
        return new LatentSample(z, noise, logDeterminant);
    }

    /// <summary>The z that an image is said to have: the mean of a Gaussian, or what a flow makes of it.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="encoding">What the encoder gives.</param>
    public Node Center(GraphBuilder graph, Encoding encoding) => _posterior.Transform(graph, encoding.Mean, encoding.Context).Z;

    /// <summary>μ and log σ² of a Gaussian q(z|x); log σ² is clamped so that σ² stays finite.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images.</param>
    public (Node Mean, Node LogVariance) Posterior(GraphBuilder graph, Node x) => Moments(graph, _architecture.Encode(graph, x, _masks));

    /// <summary>log p(z) + (M/2)·log 2π, one element per example, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    public Node LogPrior(GraphBuilder graph, Node z)
    {
        if (_prior.IsStandard) return graph.Affine(graph.Sum(graph.Unary(UnaryFunction.Square, z)), -0.5f);
        // The prior is the same for every example, so nothing of it is dropped out.
        PriorComponents components = _components ??=
            _prior.Components(graph, images => Moments(graph, _architecture.Encode(graph, images, masks: null)))!;
        return graph.MixtureLogDensity(z, components.Mean, components.LogVariance, components.Logit);
    }

    /// <summary>log q(z|x) − log p(z) of a sample, one element per example, in nats: an unbiased estimate of the KL.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="logVariance">log σ² of q(z|x).</param>
    /// <param name="sample">The sample.</param>
    public Node EstimatedKl(GraphBuilder graph, Node logVariance, LatentSample sample)
    {
        Node logPosterior = graph.Affine(
            graph.Sum(graph.Add(graph.Unary(UnaryFunction.Square, sample.Noise), logVariance)), -0.5f);
        if (sample.LogDeterminant is not null) logPosterior = graph.Subtract(logPosterior, sample.LogDeterminant);
        return graph.Subtract(logPosterior, LogPrior(graph, sample.Z));
    }

    /// <summary>All that q(z|x) is made of, in what the encoder gives.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="code">The encoder's outputs.</param>
    internal Encoding Read(GraphBuilder graph, Node code)
    {
        (Node mean, Node logVariance) = Moments(graph, code);
        Node? context = _posterior.ContextSize == 0 ? null : graph.Slice(code, 2 * _shape.Latent, _posterior.ContextSize);
        return new Encoding(mean, logVariance, context);
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
        graph.Affine(_likelihood.LogLikelihood(graph, _architecture.Decode(graph, z, _masks), x), -1f);
}
