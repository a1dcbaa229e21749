using VaeCluster.Core.Numerics;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Gaussian pixels with one learned σ for all. Source: Rybkin et al., Simple and Effective VAE Training with Calibrated Decoders (2021).
/// </summary>
public sealed class SharedGaussianLikelihood : Likelihood
{
    private readonly float _logVarianceFloor;
    private readonly ParameterSlice _logVariance;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="parameters">Receives log σ², whose initial value is 0.</param>
    public SharedGaussianLikelihood(MemberSpec spec, ParameterLayout.Builder parameters)
    {
        _logVarianceFloor = (float)ScalarMath.Log(spec.Number(LearnedScale.VarianceFloor.Name));
        _logVariance = parameters.Add("likelihood.log_variance", [1], fanIn: 0);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "gaussian-shared", "independent Gaussian pixels with one learned σ for all", [LearnedScale.VarianceFloor]);

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x)
    {
        Node logVariance = graph.Clamp(graph.Parameter(_logVariance), _logVarianceFloor, VaeModel.LargestLogVariance);
        return graph.GaussianLogLikelihood(decoded, logVariance, x);
    }

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => decoded;

    /// <inheritdoc/>
    public override float OutputOf(float mean) => mean;
}
