using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// PIWAE: the decoder learns from the importance-weighted bound with all m·k samples, the encoder from the mean of m bounds with k each
/// (<c>miwae</c>), so that the decoder has the tighter bound and the encoder the clearer gradient. The loss is the decoder's.
/// A β schedule scales log p(z) − log q(z|x).
/// Source: Rainforth et al., Tighter variational bounds are not necessarily better (2018), section 6.
/// </summary>
public sealed class PartiallyWeightedObjective : Objective
{
    private readonly int _groups;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public PartiallyWeightedObjective(MemberSpec spec)
    {
        _groups = spec.Integer(WeightedBounds.Groups.Name);
        Samples = _groups * spec.Integer(DrawnSamples.Name);
    }

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "piwae", "all m·k samples for the decoder, m bounds with k for the encoder (Rainforth et al. 2018)",
        [DrawnSamples.Field(5, "k: samples of z per example and group"), WeightedBounds.Groups]);

    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        // A sample's weight is w/Σw over all samples in the one gradient, and (1/m)·w/Σw over its group in the other. Their ratio is the
        // same for a whole group, so the gradient of μ and log σ² is multiplied by it. It must be known before the samples are decoded, so
        // there are two passes; nothing of the first has a gradient.
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        Node[] logWeights = DrawnSamples.Write(graph, model, mean, logVariance, Samples).LogWeights(graph);
        Node[] bounds = WeightedBounds.OfGroups(graph, logWeights, _groups);
        Node all = graph.LogMeanExp(logWeights);
        int each = Samples / _groups;
        DrawnSamples[] groups =
        [
            .. bounds.Select((bound, group) =>
            {
                Node ratio = WeightedBounds.Ratio(graph, all, bound);
                return DrawnSamples.Write(
                    graph, model, graph.ScaleGradient(mean, ratio), graph.ScaleGradient(logVariance, ratio), each, group * each);
            }),
        ];
        Node total = graph.LogMeanExp([.. groups.SelectMany(group => group.LogWeights(graph))]);
        return WeightedBounds.Terms(graph, total, groups[0], mean, logVariance);
    }
}
