using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Independent pixels with a logistic distribution discretised to the 256 levels of a byte, so that the likelihood is a probability and its
/// bound corresponds to the size of a compressed file. The decoder outputs the location (shown as the mean in images) and the log-scale of
/// each pixel.
/// </summary>
public sealed class DiscretizedLogisticLikelihood : Likelihood
{
    private const int Levels = 256;

    // PixelCNN++ keeps log s above −7 for pixels in [−1, 1]: 0.00046 for pixels in [0, 1].
    private static readonly FieldRule Floor = LearnedScale.Floor(0.0005);

    private readonly float _logScaleFloor;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="spec">Name and fields.</param>
    public DiscretizedLogisticLikelihood(MemberSpec spec) => _logScaleFloor = (float)ScalarMath.Log(spec.Number(Floor.Name));

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "discretized-logistic",
        "independent logistic pixels discretised to 256 levels, each with a learned location and scale (PixelCNN++)", [Floor]);

    /// <inheritdoc/>
    public override int OutputsPerPixel => 2;

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x)
    {
        Node logScale = graph.Clamp(graph.Slice(decoded, x.Size, x.Size), _logScaleFloor, VaeModel.LargestLogVariance);
        return graph.DiscretizedLogisticLogLikelihood(First(graph, decoded, x.Size), logScale, x, Levels);
    }

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => First(graph, decoded, pixels);

    /// <inheritdoc/>
    public override float OutputOf(float mean) => mean;
}
