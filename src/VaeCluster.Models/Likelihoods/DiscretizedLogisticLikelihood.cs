using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Independent logistic pixels cut into the 256 levels of a byte, so that the likelihood is a probability and its bound counts bits of real files.
/// The decoder gives the location, which pictures show, and the log-scale of each pixel.
/// </summary>
public sealed class DiscretizedLogisticLikelihood : Likelihood
{
    private const int Levels = 256;

    // PixelCNN++ keeps log s above −7 for pixels in [−1, 1]: 0.00046 for pixels in [0, 1].
    private static readonly FieldRule Floor = LearnedScale.Floor(0.0005);

    private readonly float _logScaleFloor;

    /// <summary>A likelihood with the fields of the run file.</summary>
    /// <param name="spec">Name and fields.</param>
    public DiscretizedLogisticLikelihood(MemberSpec spec) => _logScaleFloor = (float)ScalarMath.Log(spec.Number(Floor.Name));

    /// <summary>What a run file may say of it.</summary>
    public static Member Member { get; } = new(
        "discretized-logistic", "independent logistic pixels cut into 256 levels, with a learned location and scale each (PixelCNN++)", [Floor]);

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
