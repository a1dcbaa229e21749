using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>An objective that minimises minus a bound made of importance weights; a β schedule scales log p(z) − log q(z|x) in them.</summary>
/// <param name="samples">Samples of z per example.</param>
public abstract class WeightedObjective(int samples) : Objective
{
    /// <inheritdoc/>
    public override double Beta => 1;

    /// <inheritdoc/>
    public override int Samples => samples;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        Encoding encoding = model.Encode(graph, model.Seen);
        (Node bound, DrawnSamples samples) = WriteBound(graph, model, encoding);
        Node loss = graph.Affine(bound, -1f);
        Node kl = model.HasClosedFormKl ? graph.Sum(graph.GaussianKl(encoding.Mean, encoding.LogVariance)) : samples.Kls(graph)[0];
        return new ObjectiveTerms(loss, samples.Reconstructions[0], kl);
    }

    /// <summary>Writes the bound.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Decoder, likelihood and noise to write with.</param>
    /// <param name="encoding">What the encoder gives.</param>
    /// <returns>The bound, one element per example, in nats, and samples whose first gives the reported terms.</returns>
    private protected abstract (Node Bound, DrawnSamples Samples) WriteBound(GraphBuilder graph, ModelWriter model, Encoding encoding);
}
