using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// MIWAE: the mean of m importance-weighted bounds with k samples each, which gives the encoder a clearer gradient than one bound with m·k.
/// m = 1 is <c>iwae</c>, k = 1 is <c>vae</c> with m samples and an estimated KL. A β schedule scales log p(z) − log q(z|x).
/// Source: Rainforth et al., Tighter variational bounds are not necessarily better (2018), section 6.
/// </summary>
public sealed class MultiplyWeightedObjective : WeightedObjective
{
    private readonly int _groups;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public MultiplyWeightedObjective(MemberSpec spec) : base(WeightedBounds.SamplesOf(spec)) => _groups = spec.Integer(WeightedBounds.GroupsName);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "miwae", "mean of m importance-weighted bounds with k samples each (Rainforth et al. 2018)",
        WeightedBounds.GroupFields);

    /// <inheritdoc/>
    private protected override (Node Bound, DrawnSamples Samples) WriteBound(GraphBuilder graph, ModelWriter model, Encoding encoding)
    {
        DrawnSamples samples = DrawnSamples.Write(graph, model, encoding, Samples);
        Node bound = graph.Mean(WeightedBounds.OfGroups(graph, samples.LogWeights(graph), _groups));
        return (bound, samples);
    }
}
