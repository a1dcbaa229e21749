using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// The importance-weighted bound with k samples, −log (1/k) Σ_i w_i with log w_i = log p(x|z_i) + log p(z_i) − log q(z_i|x). In its
/// gradient, sample i has weight w̃_i = w_i/Σw. k = 1 is the ELBO with an estimated KL. A β schedule scales log p(z_i) − log q(z_i|x).
/// Source: Burda, Grosse and Salakhutdinov, Importance weighted autoencoders (2016). With <c>estimator: dreg</c> the encoder's gradient is
/// Σ_i w̃_i² ∂log w_i/∂z_i ∂z_i/∂φ, the same in expectation, and its noise does not grow beside it with k: Tucker et al., Doubly
/// reparameterized gradient estimators for Monte Carlo objectives (2019), equation 8.
/// </summary>
public sealed class ImportanceWeightedObjective : WeightedObjective
{
    private const string Reparameterized = "reparameterized", DoublyReparameterized = "dreg";

    private static readonly FieldRule Estimator = new(
        "estimator", FieldKind.Text, "the encoder's gradient: reparameterised, or doubly reparameterised")
    {
        Default = Reparameterized,
        Words = [Reparameterized, DoublyReparameterized],
    };

    private readonly bool _isDoubly;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public ImportanceWeightedObjective(MemberSpec spec) : base(spec.Integer(DrawnSamples.Name)) =>
        _isDoubly = spec.Text(Estimator.Name) == DoublyReparameterized;

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "iwae", "importance-weighted bound with k samples (Burda et al. 2016)", [DrawnSamples.Field(5), Estimator]);

    /// <inheritdoc/>
    public override string? NeedsGaussianPosterior => _isDoubly ? "estimator dreg takes the density of z with its mean and variance held" : null;

    /// <inheritdoc/>
    private protected override (Node Bound, DrawnSamples Samples) WriteBound(GraphBuilder graph, ModelWriter model, Encoding encoding)
    {
        DrawnSamples samples = DrawnSamples.Write(graph, model, encoding, Samples);
        Node[] logWeights = samples.LogWeights(graph);
        if (_isDoubly)
        {
            // The weights must be known before the samples that they weigh are decoded, so there are two passes; nothing of the first
            // has a gradient.
            Node bound = graph.LogMeanExp(logWeights);
            Node[] weights = [.. logWeights.Select(logWeight => WeightedBounds.Share(graph, logWeight, bound, Samples))];
            samples = DrawnSamples.Write(graph, model, encoding, Samples, factors: weights);
            logWeights = samples.LogWeightsOfFixedPosterior(graph);
        }

        return (graph.LogMeanExp(logWeights), samples);
    }
}
