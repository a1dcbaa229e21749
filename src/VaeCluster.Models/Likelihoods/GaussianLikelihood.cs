using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>Independent Gaussian pixels; the decoder gives mean and log-variance of each.</summary>
public sealed class GaussianLikelihood : Likelihood
{
    private readonly float _logVarianceFloor;

    /// <summary>A likelihood with the fields of the run file.</summary>
    /// <param name="spec">Name and fields.</param>
    public GaussianLikelihood(MemberSpec spec) => _logVarianceFloor = (float)ScalarMath.Log(spec.Number(LearnedVariance.Floor.Name));

    /// <summary>What a run file may say of it.</summary>
    public static Member Member { get; } = new("gaussian", "independent Gaussian pixels with a learned mean and variance each", [LearnedVariance.Floor]);

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
