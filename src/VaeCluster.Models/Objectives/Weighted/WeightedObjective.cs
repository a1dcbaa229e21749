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
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        (Node bound, Node reconstruction) = WriteBound(graph, model, mean, logVariance);
        return new ObjectiveTerms(graph.Affine(bound, -1f), reconstruction, graph.Sum(graph.GaussianKl(mean, logVariance)));
    }

    /// <summary>Writes the bound.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Decoder, likelihood and noise to write with.</param>
    /// <param name="mean">μ of q(z|x).</param>
    /// <param name="logVariance">log σ² of q(z|x).</param>
    /// <returns>The bound and −log p(x|z) of the first sample, one element per example each, in nats.</returns>
    protected abstract (Node Bound, Node Reconstruction) WriteBound(GraphBuilder graph, ModelWriter model, Node mean, Node logVariance);
}
