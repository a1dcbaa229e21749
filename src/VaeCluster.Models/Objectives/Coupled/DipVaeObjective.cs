using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// −ELBO + λ_od·Σ_{i≠j} C_ij² + λ_d·Σ_i (C_ii − 1)²: the covariance C of the latents over the batch is drawn to the identity. Type I takes
/// C = Cov[μ], type II C = Cov[μ] + mean(diag σ²), the covariance of z.
/// Source: Kumar, Sattigeri and Balakrishnan, Variational inference of disentangled latent concepts (2018), equations 6 and 7.
/// </summary>
public sealed class DipVaeObjective : Objective
{
    private readonly CovarianceTerm _term;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    public DipVaeObjective(MemberSpec spec, int latent) => _term = new CovarianceTerm(
        latent, spec.Number("lambdaOffDiagonal"), spec.Number("lambdaDiagonal"), addsVariance: spec.Name == SecondMember.Name);

    /// <summary>The objective <c>dip-vae-i</c> in the run file.</summary>
    public static Member FirstMember { get; } = new(
        "dip-vae-i", "ELBO, and a penalty that draws the covariance of μ over the batch to the identity (Kumar et al. 2018)",
        Fields(10, 100));

    /// <summary>The objective <c>dip-vae-ii</c> in the run file.</summary>
    public static Member SecondMember { get; } = new(
        "dip-vae-ii", "ELBO, and a penalty that draws the covariance of z over the batch to the identity (Kumar et al. 2018)",
        Fields(10, 10));

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "it draws the covariance of the latents to the identity";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "it takes the mean and variance of the latents";

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override BatchCoupling Coupling => _term;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        DrawnBound bound = DrawnBound.Write(graph, model);
        return bound.With(graph, _term.Share(graph, bound.Mean, bound.LogVariance));
    }

    private static FieldRule[] Fields(double offDiagonal, double diagonal) =>
    [
        new("lambdaOffDiagonal", FieldKind.Number, "λ_od: weight of the squared covariances of different latents")
        {
            Default = offDiagonal,
            Min = 0,
            Max = 1e6,
        },
        new("lambdaDiagonal", FieldKind.Number, "λ_d: weight of the squared distance of the variances from 1")
        {
            Default = diagonal,
            Min = 0,
            Max = 1e6,
        },
    ];

    private sealed class CovarianceTerm(int latent, double offDiagonal, double diagonal, bool addsVariance) : BatchTerm
    {
        public override int Statistics => 2 * latent;

        public override IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model)
        {
            (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
            return [mean, logVariance];
        }

        protected override double Differentiate(ReadOnlySpan<float> batch, float weight, Span<double> gradient)
        {
            int examples = batch.Length / Statistics;
            var means = new double[latent];
            for (int a = 0; a < latent; a++) means[a] = Mean(batch, a);
            var variances = new double[batch.Length / 2];
            var slopes = new double[latent * latent];
            double term = 0;
            for (int a = 0; a < latent; a++)
            {
                for (int b = a; b < latent; b++)
                {
                    double covariance = 0;
                    for (int i = 0; i < batch.Length; i += Statistics)
                        covariance += (batch[i + a] - means[a]) * (batch[i + b] - means[b]);
                    covariance /= examples;
                    if (a == b && addsVariance) covariance += SumOfVariances(batch, a, variances) / examples;
                    double distance = a == b ? covariance - 1 : covariance, factor = a == b ? diagonal : offDiagonal;
                    term += (a == b ? 1 : 2) * factor * distance * distance;
                    slopes[(a * latent) + b] = slopes[(b * latent) + a] = 2 * factor * distance;
                }
            }

            for (int i = 0; i < examples; i++)
            {
                int row = i * Statistics;
                for (int a = 0; a < latent; a++)
                {
                    double sum = 0;
                    for (int b = 0; b < latent; b++) sum += slopes[(a * latent) + b] * (batch[row + b] - means[b]);
                    gradient[row + a] = 2 * sum / examples;
                    if (addsVariance) gradient[row + latent + a] = slopes[(a * latent) + a] * variances[(i * latent) + a] / examples;
                }
            }

            return term;
        }

        // The sum over the batch; σ² of each example is kept.
        private double SumOfVariances(ReadOnlySpan<float> batch, int dimension, double[] variances)
        {
            double sum = 0;
            for (int i = 0; i < batch.Length / Statistics; i++)
            {
                double variance = Core.Numerics.ScalarMath.Exp(batch[(i * Statistics) + latent + dimension]);
                variances[(i * latent) + dimension] = variance;
                sum += variance;
            }

            return sum;
        }
    }
}
