using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>
/// CIWAE: β·ELBO + (1 − β)·IWAE_k of the same k samples, with the field <c>share</c> for the paper's β, the weight of the ELBO (with an
/// estimated KL). 0 is <c>iwae</c>, 1 is <c>vae</c>. A β schedule scales log p(z) − log q(z|x).
/// Source: Rainforth et al., Tighter variational bounds are not necessarily better (2018), section 6.
/// </summary>
public sealed class CombinedBoundObjective : WeightedObjective
{
    private static readonly FieldRule Share = new(
        "share", FieldKind.Number, "weight of the ELBO; the importance-weighted bound has the rest")
    {
        Default = 0.5,
        Min = 0,
        Max = 1,
    };

    private readonly float _share;

    /// <summary>Creates the objective.</summary>
    /// <param name="spec">Name and fields.</param>
    public CombinedBoundObjective(MemberSpec spec) : base(spec.Integer(DrawnSamples.Name)) => _share = (float)spec.Number(Share.Name);

    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new(
        "ciwae", "a share of the ELBO, the rest of the importance-weighted bound (Rainforth et al. 2018)", [DrawnSamples.Field(5), Share]);

    /// <inheritdoc/>
    private protected override (Node Bound, DrawnSamples Samples) WriteBound(GraphBuilder graph, ModelWriter model, Encoding encoding)
    {
        DrawnSamples samples = DrawnSamples.Write(graph, model, encoding, Samples);
        Node[] logWeights = samples.LogWeights(graph);
        Node bound = graph.Add(
            graph.Affine(graph.Mean(logWeights), _share), graph.Affine(graph.LogMeanExp(logWeights), 1f - _share));
        return (bound, samples);
    }
}
