using VaeCluster.Core;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Priors;

/// <summary>
/// The mean of the posteriors of K learned images, p(z) = (1/K) Σ_k q(z|u_k). A pixel of u_k is the sigmoid of a parameter, so that it
/// stays within [0, 1]; it begins at the mean of that pixel over the training data, with noise of ±2 on its logit. Every shard encodes all K
/// images in each step.
/// Source: Tomczak and Welling, VAE with a VampPrior (2018), equation 9.
/// </summary>
public sealed class VampPrior : Prior
{
    // The logit of a pixel that is black in all images would be −∞.
    private const float MeanLimit = 0.02f, Noise = 2f;

    private readonly ParameterSlice _inputs;

    /// <summary>Declares the pseudo-inputs.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="image">Size of the images.</param>
    /// <param name="parameters">Receives the parameters.</param>
    /// <exception cref="BadInputException">The images are too many for their size.</exception>
    public VampPrior(MemberSpec spec, ImageShape image, ParameterLayout.Builder parameters)
    {
        int components = spec.Integer("components");
        Int128 pixels = (Int128)components * image.Pixels;
        ModelSize.Demand("model.prior.components", FormattableString.Invariant($"{components}"), (pixels, pixels));
        _inputs = parameters.Add(
            "prior.pseudo_inputs", [components, image.Channels, image.Height, image.Width], fanIn: 1);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "vamp", "mean of the posteriors of K learned images (Tomczak and Welling 2018)",
        [ComponentsField(50, "K: number of learned images")]);

    /// <inheritdoc/>
    public override bool NeedsMeanImage => true;

    /// <inheritdoc/>
    public override bool NeedsGaussianPosterior => true;

    /// <inheritdoc/>
    public override PriorComponents Components(GraphBuilder graph, Func<Node, (Node Mean, Node LogVariance)> encode)
    {
        (Node mean, Node logVariance) = encode(graph.Unary(UnaryFunction.Sigmoid, graph.ParameterRows(_inputs)));
        return new PriorComponents(mean, logVariance, null);
    }

    /// <inheritdoc/>
    public override void Initialize(Span<float> weights, ReadOnlySpan<float> meanImage)
    {
        Span<float> values = _inputs.Of(weights);
        for (int i = 0; i < values.Length; i++)
        {
            double mean = meanImage.IsEmpty ? 0.5 : Math.Clamp(meanImage[i % meanImage.Length], MeanLimit, 1f - MeanLimit);
            values[i] = (float)ScalarMath.Log(mean / (1.0 - mean)) + (Noise * values[i]);
        }
    }
}
