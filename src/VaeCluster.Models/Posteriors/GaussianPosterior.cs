using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Posteriors;

/// <summary>A Gaussian with diagonal covariance.</summary>
public sealed class GaussianPosterior : Posterior
{
    /// <summary>Its name in the run file.</summary>
    public const string Name = "gaussian";

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(Name, "Gaussian with diagonal covariance", []);

    /// <inheritdoc/>
    public override bool IsGaussian => true;

    /// <inheritdoc/>
    public override (Node Z, Node? LogDeterminant) Transform(GraphBuilder graph, Node z, Node? context) => (z, null);
}
