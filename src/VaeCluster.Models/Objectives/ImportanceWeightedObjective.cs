using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// The importance-weighted bound with k samples, −log (1/k) Σ_i w_i with log w_i = log p(x|z_i) + log p(z_i) − log q(z_i|x). In its
/// gradient, sample i has weight w_i/Σw. k = 1 is the ELBO with an estimated KL. A β schedule scales log p(z_i) − log q(z_i|x).
/// Source: Burda, Grosse and Salakhutdinov, Importance weighted autoencoders (2016).
/// </summary>
public sealed class ImportanceWeightedObjective : Objective
{
    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public ImportanceWeightedObjective(MemberSpec spec) => Samples = spec.Integer(DrawnSamples.Name);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "iwae", "importance-weighted bound with k samples (Burda et al. 2016)", [DrawnSamples.Field(5)]);

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        DrawnSamples samples = DrawnSamples.Write(graph, model, mean, logVariance, Samples);
        IEnumerable<Node> logWeights = samples.Reconstructions.Zip(
            samples.Kls(graph), (reconstruction, kl) => graph.Affine(graph.Add(reconstruction, graph.Scale(kl, VaeModel.BetaScalar)), -1f));
        Node loss = graph.Affine(graph.LogMeanExp([.. logWeights]), -1f);
        return new ObjectiveTerms(loss, samples.Reconstructions[0], graph.Sum(graph.GaussianKl(mean, logVariance)));
    }
}
