using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// MIWAE: the mean of m importance-weighted bounds with k samples each, which gives the encoder a clearer gradient than one bound with m·k.
/// m = 1 is <c>iwae</c>, k = 1 is <c>vae</c> with m samples and an estimated KL. A β schedule scales log p(z) − log q(z|x).
/// Source: Rainforth et al., Tighter variational bounds are not necessarily better (2018), section 6.
/// </summary>
public sealed class MultiplyWeightedObjective : Objective
{
    private readonly int _groups;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public MultiplyWeightedObjective(MemberSpec spec)
    {
        _groups = spec.Integer(WeightedBounds.Groups.Name);
        Samples = _groups * spec.Integer(DrawnSamples.Name);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "miwae", "mean of m importance-weighted bounds with k samples each (Rainforth et al. 2018)",
        [DrawnSamples.Field(5, "k: samples of z per example and group"), WeightedBounds.Groups]);

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        DrawnSamples samples = DrawnSamples.Write(graph, model, mean, logVariance, Samples);
        Node bound = graph.Mean(WeightedBounds.OfGroups(graph, samples.LogWeights(graph), _groups));
        return WeightedBounds.Terms(graph, bound, samples, mean, logVariance);
    }
}
