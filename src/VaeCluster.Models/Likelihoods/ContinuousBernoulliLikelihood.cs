using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Independent continuous Bernoulli pixels: a density on grey values in [0, 1], which a Bernoulli is not. The decoder gives logits of λ; the mean of
/// a pixel is not λ.
/// </summary>
public sealed class ContinuousBernoulliLikelihood : Likelihood
{
    // Pixels that are always black would ask for a logit of minus infinity; the mean falls as 1/|logit|, so the limit is wider than a Bernoulli's.
    private const double MeanLimit = 0.005;

    /// <summary>What a run file may say of it.</summary>
    public static Member Member { get; } = new(
        "continuous-bernoulli", "a density on grey pixels in [0, 1] of the Bernoulli's form, with the constant that makes it one", []);

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x) => graph.ContinuousBernoulliLogLikelihood(decoded, x);

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => graph.Unary(UnaryFunction.ContinuousBernoulliMean, decoded);

    /// <inheritdoc/>
    public override float OutputOf(float mean)
    {
        // The mean rises with the logit and has no inverse in closed form: halving the interval gives the same bits everywhere.
        double wanted = Math.Clamp(mean, MeanLimit, 1 - MeanLimit);
        double low = -1 / MeanLimit, high = 1 / MeanLimit;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            if (ContinuousBernoulli.Mean(middle) < wanted) low = middle;
            else high = middle;
        }

        return (float)(0.5 * (low + high));
    }
}
