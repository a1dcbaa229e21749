using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// −ELBO with a weight on the KL term: reconstruction + β·KL, averaged over m samples of z. β = 1 is the ELBO of Kingma and Welling (2013);
/// other values give the β-VAE of Higgins et al., beta-VAE (2017), whose normalised weight is β_norm = β·M/N for M latent dimensions and N
/// pixels. The KL is computed in closed form where it has one, or estimated from the same samples as log q(z|x) − log p(z), which has the
/// same expectation.
/// </summary>
public sealed class VaeObjective : Objective
{
    private const string ClosedForm = "closed", MonteCarlo = "monte-carlo";

    private static readonly FieldRule Normalized = new(
        "normalized", FieldKind.Flag,
        "whether beta is the normalised β_norm = β·M/N for M latent dimensions and N pixels")
    { Default = false };

    private static readonly FieldRule Kl =
        new("kl", FieldKind.Text, "how the KL term is computed: in closed form where it has one, or estimated from the samples")
        {
            Default = ClosedForm,
            Words = [ClosedForm, MonteCarlo],
        };

    private readonly bool _estimatesKl;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    /// <param name="image">Size of the images.</param>
    /// <param name="latent">Latent dimensions.</param>
    public VaeObjective(MemberSpec spec, ImageShape image, int latent)
    {
        double beta = spec.Number("beta");
        Beta = spec.Has(Normalized.Name) && spec.Flag(Normalized.Name) ? beta * image.Pixels / latent : beta;
        Samples = spec.Integer(DrawnSamples.Name);
        _estimatesKl = spec.Text(Kl.Name) == MonteCarlo;
    }

    /// <summary>The objective <c>vae</c> in the run file.</summary>
    public static Member PlainMember { get; } = new("vae", "evidence lower bound (ELBO)", [BetaField(1.0), DrawnSamples.Field(1), Kl]);

    /// <summary>The objective <c>beta-vae</c> in the run file.</summary>
    public static Member WeightedMember { get; } =
        new("beta-vae", "ELBO with weight β on the KL term (Higgins et al. 2017)", [BetaField(4.0), Normalized, DrawnSamples.Field(1), Kl]);

    /// <inheritdoc/>
    public override double Beta { get; }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        Encoding encoding = model.Encode(graph, model.Seen);
        DrawnSamples samples = DrawnSamples.Write(graph, model, encoding, Samples);
        Node kl = model.HasClosedFormKl
            ? graph.Sum(graph.GaussianKl(encoding.Mean, encoding.LogVariance))
            : graph.Mean(samples.Kls(graph));
        bool estimates = _estimatesKl && model.HasClosedFormKl;
        Node weighted = graph.Scale(estimates ? graph.Mean(samples.Kls(graph)) : kl, VaeModel.BetaScalar);
        return new ObjectiveTerms(graph.Add(graph.Mean(samples.Reconstructions), weighted), samples.Reconstructions[0], kl);
    }

    private static FieldRule BetaField(double standard) =>
        new("beta", FieldKind.Number, "weight of the KL term") { Default = standard, Min = 0, Max = 1e6 };
}
