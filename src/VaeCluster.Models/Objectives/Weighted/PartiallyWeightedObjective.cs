using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// PIWAE: the decoder learns from the importance-weighted bound with all m·k samples, the encoder from the mean of m bounds with k each
/// (<c>miwae</c>), so that the decoder has the tighter bound and the encoder the clearer gradient. The loss is the decoder's.
/// A β schedule scales log p(z) − log q(z|x).
/// Source: Rainforth et al., Tighter variational bounds are not necessarily better (2018), section 6.
/// </summary>
public sealed class PartiallyWeightedObjective : WeightedObjective
{
    private readonly int _groups;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public PartiallyWeightedObjective(MemberSpec spec) : base(WeightedBounds.SamplesOf(spec)) => _groups = spec.Integer(WeightedBounds.GroupsName);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "piwae", "all m·k samples for the decoder, m bounds with k for the encoder (Rainforth et al. 2018)",
        WeightedBounds.GroupFields);

    /// <inheritdoc/>
    public override string NeedsGaussianPosterior => "it gives mean and variance a gradient of their own";

    /// <inheritdoc/>
    private protected override (Node Bound, DrawnSamples Samples) WriteBound(GraphBuilder graph, ModelWriter model, Encoding encoding)
    {
        // A sample's weight is w/Σw over all samples in the one gradient, and (1/m)·w/Σw over its group in the other. Their ratio is the
        // same for a whole group, so the gradient of μ and log σ² is multiplied by it. It must be known before the samples are decoded, so
        // there are two passes; nothing of the first has a gradient.
        Node[] logWeights = DrawnSamples.Write(graph, model, encoding, Samples).LogWeights(graph);
        Node[] bounds = WeightedBounds.OfGroups(graph, logWeights, _groups);
        Node all = graph.LogMeanExp(logWeights);
        int each = Samples / _groups;
        DrawnSamples[] groups =
        [
            .. bounds.Select((bound, group) =>
            {
                Node ratio = WeightedBounds.Ratio(graph, all, bound);
                Node mean = graph.ScaleGradient(encoding.Mean, ratio), logVariance = graph.ScaleGradient(encoding.LogVariance, ratio);
                return DrawnSamples.Write(graph, model, new Encoding(mean, logVariance, null), each, group * each);
            }),
        ];
        Node total = graph.LogMeanExp([.. groups.SelectMany(group => group.LogWeights(graph))]);
        return (total, groups[0]);
    }
}
