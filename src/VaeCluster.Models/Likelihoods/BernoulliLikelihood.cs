using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Likelihoods;

/// <summary>Independent Bernoulli pixels; the decoder outputs logits.</summary>
public sealed class BernoulliLikelihood : Likelihood
{
    // Pixels that are always black would need a bias of minus infinity. The limits are those of the IWAE reference code.
    private const float MeanLimit = 0.001f;

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("bernoulli", "independent binary pixels; grey values are treated as probabilities", []);

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x) => graph.BernoulliLogLikelihood(decoded, x);

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => graph.Unary(UnaryFunction.Sigmoid, decoded);

    /// <inheritdoc/>
    public override float OutputOf(float mean)
    {
        double p = Math.Clamp(mean, MeanLimit, 1f - MeanLimit);
        return (float)Core.Numerics.ScalarMath.Log(p / (1.0 - p));
    }
}
