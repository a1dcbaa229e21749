using VaeCluster.Core.Numerics;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// weight·Σ_j [ρ log(ρ/ρ̂_j) + (1 − ρ) log((1 − ρ)/(1 − ρ̂_j))] with the mean ρ̂_j of sigmoid unit j over the batch, which is kept within
/// 10⁻⁶ of 0 and 1. Source: Ng, Sparse autoencoder (2011), section 3.
/// </summary>
/// <param name="units">Number of units.</param>
/// <param name="weight">Weight of the term.</param>
/// <param name="rho">ρ.</param>
/// <param name="measure">Writes the units, in (0, 1).</param>
internal sealed class SparsityTerm(int units, double weight, double rho, Func<GraphBuilder, ModelWriter, Node> measure) : BatchTerm
{
    private const double Smallest = 1e-6;

    /// <inheritdoc/>
    public override int Statistics => units;

    /// <inheritdoc/>
    public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model) => [measure(graph, model)];

    /// <inheritdoc/>
    protected override double Differentiate(ReadOnlySpan<float> batch, float stepWeight, Span<double> gradient)
    {
        int examples = batch.Length / units;
        double term = 0;
        for (int unit = 0; unit < units; unit++)
        {
            double mean = Mean(batch, unit), activity = Math.Clamp(mean, Smallest, 1 - Smallest);
            term += weight * ((rho * ScalarMath.Log(rho / activity)) + ((1 - rho) * ScalarMath.Log((1 - rho) / (1 - activity))));

            // NaN passes Clamp, so that it is seen in the term.
            double slope = weight * (((1 - rho) / (1 - activity)) - (rho / activity)) / examples;
            for (int i = unit; i < batch.Length; i += units) gradient[i] = slope;
        }

        return term;
    }
}
