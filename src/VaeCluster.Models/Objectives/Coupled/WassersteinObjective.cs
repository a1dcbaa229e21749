using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>
/// Reconstruction + λ·MMD²(q(z), p(z)) with a deterministic encoder: the latents of the batch together are drawn to the prior, not those of
/// each example. Its "ELBO" is minus the reconstruction error and is not a bound.
/// Source: Tolstikhin et al., Wasserstein auto-encoders (2018), algorithm 2.
/// </summary>
public sealed class WassersteinObjective : Objective
{
    private readonly MeanDiscrepancy _term;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="latent">Latent dimensions.</param>
    public WassersteinObjective(MemberSpec spec, int latent) => _term = new MeanDiscrepancy(
        latent, spec.Number("lambda"), spec.Text("kernel"),
        (graph, model) => [model.Code(graph, model.Seen), model.NoiseOf(graph, 0)]);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "wae-mmd", "Wasserstein autoencoder: reconstruction and the discrepancy of q(z) and p(z), MMD (Tolstikhin et al. 2018)",
        [
            new FieldRule("lambda", FieldKind.Number, "λ: weight of the discrepancy") { Default = 10.0, Min = 0, Max = 1e7 },
            MeanDiscrepancy.KernelField("imq"),
        ]);

    /// <inheritdoc/>
    public override bool EncodesVariance => false;

    /// <inheritdoc/>
    public override string NeedsStandardPrior => "it compares the latents with draws of N(0, I)";

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "its code has no distribution";

    /// <inheritdoc/>
    public override double Beta => 0;

    /// <inheritdoc/>
    public override BatchCoupling Coupling => _term;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        Node z = model.Code(graph, model.Seen);
        Node reconstruction = model.Reconstruction(graph, z, model.X);
        return new ObjectiveTerms(
            graph.Add(reconstruction, _term.Share(graph, z, model.NoiseOf(graph, 0))), reconstruction, graph.Affine(graph.Sum(z), 0f));
    }
}
