using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Posteriors;

/// <summary>
/// q(z|x): a sample z₀ = μ + σ·ε of a Gaussian, and for a flow what invertible steps make of it. With the log-determinant of the steps'
/// Jacobian, log q(z|x) = log N(z₀; μ, diag σ²) − log|det ∂z/∂z₀|.
/// </summary>
public abstract class Posterior
{
    /// <summary>The field <c>steps</c> of a flow.</summary>
    internal static readonly FieldRule StepsField =
        new("steps", FieldKind.Integer, "steps of the flow") { Default = 4L, Min = 1, Max = 64 };

    /// <summary>Whether z is z₀.</summary>
    public virtual bool IsGaussian => false;

    /// <summary>What the encoder gives each example beside μ and log σ².</summary>
    public virtual int ContextSize => 0;

    /// <summary>Writes the steps.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">z₀.</param>
    /// <param name="context">What the encoder gives beside μ and log σ²; null: nothing.</param>
    /// <returns>z and log|det ∂z/∂z₀|, one element per example, which is null if z is z₀.</returns>
    public abstract (Node Z, Node? LogDeterminant) Transform(GraphBuilder graph, Node z, Node? context);
}
