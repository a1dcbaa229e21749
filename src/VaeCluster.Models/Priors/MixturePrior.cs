using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Priors;

/// <summary>
/// A mixture of K Gaussians with diagonal covariance, whose means, variances and weights are learned:
/// p(z) = Σ_k w_k N(z; μ_k, diag σ_k²) with w = softmax(logits). Means begin between −1 and 1, variances at 1, weights equal.
/// Source: Tomczak and Welling, VAE with a VampPrior (2018), section 2, where it is the baseline.
/// </summary>
public sealed class MixturePrior : Prior
{
    private readonly ParameterSlice _mean;
    private readonly ParameterSlice _logVariance;
    private readonly ParameterSlice _logit;

    /// <summary>Declares the components.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    /// <param name="parameters">Receives the parameters.</param>
    public MixturePrior(MemberSpec spec, int latent, ParameterLayout.Builder parameters)
    {
        int components = spec.Integer("components");
        _mean = parameters.Add("prior.mean", [components, latent], fanIn: 1);
        _logVariance = parameters.Add("prior.log_variance", [components, latent], fanIn: 0);
        _logit = parameters.Add("prior.logit", [components, 1], fanIn: 0);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "mixture", "mixture of Gaussians with learned means, variances and weights",
        [ComponentsField(10, "K: number of Gaussians")]);

    /// <inheritdoc/>
    public override PriorComponents Components(GraphBuilder graph, Func<Node, (Node Mean, Node LogVariance)> encode) => new(
        graph.ParameterRows(_mean),
        graph.Clamp(graph.ParameterRows(_logVariance), VaeModel.SmallestLogVariance, VaeModel.LargestLogVariance),
        graph.ParameterRows(_logit));
}
