using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>Gaussian pixels with a fixed σ: the squared error scaled by 1/(2σ²), plus the normalising constant.</summary>
public sealed class FixedGaussianLikelihood : Likelihood
{
    private static readonly FieldRule Sigma =
        new("sigma", FieldKind.Number, "standard deviation of every pixel") { Default = 1.0, Min = 0, AboveMin = true, Max = 1e6 };

    // −½ Σ ((x − m)/σ)² − n·(log σ + ½ log 2π); ½ log 2π to double precision.
    private const double HalfLogTwoPi = 0.91893853320467274178;

    private readonly double _sigma;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="spec">Name and fields.</param>
    public FixedGaussianLikelihood(MemberSpec spec) => _sigma = spec.Number(Sigma.Name);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("gaussian-fixed", "independent Gaussian pixels with a fixed σ: squared error", [Sigma]);

    /// <inheritdoc/>
    public override Node LogLikelihood(GraphBuilder graph, Node decoded, Node x)
    {
        Node squaredError = graph.Sum(graph.Unary(Graphs.Operations.UnaryFunction.Square, graph.Subtract(decoded, x)));
        double constant = x.Size * (ScalarMath.Log(_sigma) + HalfLogTwoPi);
        return graph.Affine(squaredError, (float)(-0.5 / (_sigma * _sigma)), (float)-constant);
    }

    /// <inheritdoc/>
    public override Node Mean(GraphBuilder graph, Node decoded, int pixels) => decoded;

    /// <inheritdoc/>
    public override float OutputOf(float mean) => mean;
}
