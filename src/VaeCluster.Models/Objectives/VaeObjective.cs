using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// −ELBO with a weight on the KL term: reconstruction + β·KL. β = 1 is the plain bound of Kingma and Welling (2013);
/// other values are the β-VAE of Higgins et al., beta-VAE (2017), whose normalised weight is β_norm = β·M/N for M latent dimensions and N pixels.
/// </summary>
public sealed class VaeObjective : Objective
{
    private static readonly FieldRule Normalized = new("normalized", FieldKind.Flag, "beta is β_norm = β·M/N, M latent dimensions, N pixels") { Default = false };

    /// <summary>An objective with the fields of the run file.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="image">Size of the images.</param>
    /// <param name="latent">Latent dimensions.</param>
    public VaeObjective(MemberSpec spec, ImageShape image, int latent)
    {
        double beta = spec.Number("beta");
        Beta = spec.Has(Normalized.Name) && spec.Flag(Normalized.Name) ? beta * image.Pixels / latent : beta;
    }

    /// <summary>What a run file may say of <c>vae</c>.</summary>
    public static Member PlainMember { get; } = new("vae", "the evidence lower bound", [BetaField(1.0)]);

    /// <summary>What a run file may say of <c>beta-vae</c>.</summary>
    public static Member WeightedMember { get; } = new("beta-vae", "the evidence lower bound with a weight β on the KL term", [BetaField(4.0), Normalized]);

    /// <inheritdoc/>
    public override double Beta { get; }

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.X);
        Node z = graph.Reparameterize(mean, logVariance, model.Noise);
        Node reconstruction = model.Reconstruction(graph, z, model.X);
        Node kl = graph.Sum(graph.GaussianKl(mean, logVariance));
        return new ObjectiveTerms(graph.Add(reconstruction, graph.Scale(kl, VaeModel.BetaScalar)), reconstruction, kl);
    }

    private static FieldRule BetaField(double standard) =>
        new("beta", FieldKind.Number, "weight of the KL term") { Default = standard, Min = 0, Max = 1e6 };
}
