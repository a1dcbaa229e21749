using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Independent Laplace pixels: absolute instead of squared error. The decoder outputs the location and the log-scale of each pixel, or
/// only the location if the scale is fixed.
/// </summary>
public sealed class LaplaceLikelihood : Likelihood
{
    private static readonly FieldRule Scale =
        new("scale", FieldKind.Number, "fixed scale of every pixel; default: a learned scale per pixel")
        {
            Min = 0,
            AboveMin = true,
            Max = 1e6,
        };

    private static readonly FieldRule Floor = LearnedScale.Floor(0.01);

    private readonly double? _scale;
    private readonly float _logScaleFloor;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="spec">Name and fields.</param>
    public LaplaceLikelihood(MemberSpec spec)
    {
        _scale = spec.Has(Scale.Name) ? spec.Number(Scale.Name) : null;
        _logScaleFloor = (float)ScalarMath.Log(spec.Number(Floor.Name));
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("laplace", "independent Laplace pixels: absolute error", [Scale, Floor]);

    /// <inheritdoc/>
    public override int OutputsPerPixel => _scale is null ? 2 : 1;

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x)
    {
        if (_scale is { } scale)
        {
            Node error = graph.Sum(graph.Unary(UnaryFunction.Abs, graph.Subtract(decoded, x)));
            return graph.Affine(error, (float)(-1 / scale), (float)(-x.Size * ScalarMath.Log(2 * scale)));
        }

        Node logScale = graph.Clamp(graph.Slice(decoded, x.Size, x.Size), _logScaleFloor, VaeModel.LargestLogVariance);
        return graph.LaplaceLogLikelihood(First(graph, decoded, x.Size), logScale, x);
    }

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => First(graph, decoded, pixels);

    /// <inheritdoc/>
    public override float OutputOf(float mean) => mean;
}
