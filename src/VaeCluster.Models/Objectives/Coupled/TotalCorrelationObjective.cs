using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// −ELBO + (β − 1)·TC, where TC = KL(q(z) ‖ Π_k q(z_k)) is the total correlation of the latents: the KL term taken apart into mutual
/// information, total correlation and the KL of each dimension, with β on the second.
/// Source: Chen et al., Isolating sources of disentanglement in VAEs (2018), equation 4.
/// </summary>
public sealed class TotalCorrelationObjective : Objective
{
    private readonly TotalCorrelation _term;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    public TotalCorrelationObjective(MemberSpec spec, int latent) => _term = new TotalCorrelation(latent, spec.Number("beta"));

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "beta-tcvae", "ELBO with weight β on the total correlation of the latents, estimated over the batch (Chen et al. 2018)",
        [new FieldRule("beta", FieldKind.Number, "weight of the total correlation; 1 is the ELBO") { Default = 6.0, Min = 0, Max = 1e6 }]);

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "it splits up the KL from a prior whose dimensions are independent";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "it takes the densities of each z under the posteriors of all examples";

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override BatchCoupling Coupling => _term;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        DrawnBound bound = DrawnBound.Write(graph, model);
        return bound.With(graph, _term.Share(graph, bound.Mean, bound.LogVariance, bound.Z));
    }
}
