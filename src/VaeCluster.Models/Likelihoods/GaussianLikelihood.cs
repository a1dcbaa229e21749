using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>Independent Gaussian pixels; the decoder outputs the mean and log-variance of each.</summary>
public sealed class GaussianLikelihood : Likelihood
{
    private readonly float _logVarianceFloor;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="spec">Name and fields.</param>
    public GaussianLikelihood(MemberSpec spec) => _logVarianceFloor = (float)ScalarMath.Log(spec.Number(LearnedScale.VarianceFloor.Name));

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "gaussian", "independent Gaussian pixels, each with a learned mean and variance", [LearnedScale.VarianceFloor]);

    /// <inheritdoc/>
    public override int OutputsPerPixel => 2;

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x)
    {
        Node logVariance = graph.Clamp(graph.Slice(decoded, x.Size, x.Size), _logVarianceFloor, VaeModel.LargestLogVariance);
        return graph.GaussianLogLikelihood(First(graph, decoded, x.Size), logVariance, x);
    }

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => First(graph, decoded, pixels);

    /// <inheritdoc/>
    public override float OutputOf(float mean) => mean;
}
