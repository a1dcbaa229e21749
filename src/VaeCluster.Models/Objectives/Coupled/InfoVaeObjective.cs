using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// Reconstruction + (1 − α)·KL + (α + λ − 1)·MMD²(q(z), p(z)). α = 0 and λ = 1 give the ELBO, α = 1 the MMD-VAE.
/// Source: Zhao, Song and Ermon, InfoVAE: balancing learning and inference in variational autoencoders (2019), equation 6.
/// </summary>
public sealed class InfoVaeObjective : Objective
{
    private readonly MeanDiscrepancy _term;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    public InfoVaeObjective(MemberSpec spec, int latent)
    {
        double alpha = spec.Number("alpha"), lambda = spec.Number("lambda");
        Beta = 1 - alpha;
        _term = new MeanDiscrepancy(latent, alpha + lambda - 1, spec.Text("kernel"), (graph, model) =>
        {
            (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
            return [graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0)), model.NoiseOf(graph, 1)];
        });
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "info-vae", "ELBO with less weight on the KL term and the maximum mean discrepancy between q(z) and p(z) (Zhao et al. 2019)",
        [
            new FieldRule("alpha", FieldKind.Number, "α: the KL term has weight 1 − α") { Default = 0.0, Min = -1e6, Max = 1 },
            new FieldRule("lambda", FieldKind.Number, "λ: the discrepancy has weight α + λ − 1") { Default = 1000.0, Min = 1, Max = 1e7 },
            MeanDiscrepancy.KernelField("rbf"),
        ]);

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "it compares the latents with draws of N(0, I)";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "its KL is in closed form";

    /// <inheritdoc/>
    public override double Beta { get; }

    /// <inheritdoc/>
    /// <remarks>The second is the draw from the prior.</remarks>
    public override int Samples => 2;

    /// <inheritdoc/>
    public override BatchCoupling Coupling => _term;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        DrawnBound bound = DrawnBound.Write(graph, model);
        return bound.With(graph, _term.Share(graph, bound.Z, model.NoiseOf(graph, 1)));
    }
}
