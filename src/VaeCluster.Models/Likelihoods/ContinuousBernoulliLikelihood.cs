using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Independent continuous Bernoulli pixels: unlike the Bernoulli, a proper density of grey values in [0, 1]. The decoder outputs logits of
/// λ; the mean of a pixel is not λ.
/// </summary>
public sealed class ContinuousBernoulliLikelihood : Likelihood
{
    // Pixels that are always black would need a logit of minus infinity; the mean falls as 1/|logit|, so the limit is wider than a
    // Bernoulli's.
    private const double MeanLimit = 0.005;

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "continuous-bernoulli", "a normalised Bernoulli-like density of grey pixels in [0, 1] (Loaiza-Ganem and Cunningham 2019)", []);

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x) => graph.ContinuousBernoulliLogLikelihood(decoded, x);

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => graph.Unary(UnaryFunction.ContinuousBernoulliMean, decoded);

    /// <inheritdoc/>
    public override float OutputOf(float mean)
    {
        // The mean is monotone in the logit but has no closed-form inverse; bisection gives the same bits everywhere.
        double target = Math.Clamp(mean, MeanLimit, 1 - MeanLimit);
        double low = -1 / MeanLimit, high = 1 / MeanLimit;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            if (ContinuousBernoulli.Mean(middle) < target) low = middle;
            else high = middle;
        }

        return (float)(0.5 * (low + high));
    }
}
