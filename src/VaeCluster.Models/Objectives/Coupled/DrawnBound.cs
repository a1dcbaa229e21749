using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives.Coupled;

/// <summary>−ELBO of one sample with the weight of the step on the KL term, and its parts, to which an objective adds a term.</summary>
/// <param name="Mean">μ of q(z|x).</param>
/// <param name="LogVariance">log σ² of q(z|x).</param>
/// <param name="Z">The sample.</param>
/// <param name="Reconstruction">−log p(x|z), one element per example, in nats.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)), one element per example, in nats.</param>
/// <param name="Loss">The bound, one element per example, in nats.</param>
internal sealed record DrawnBound(Node Mean, Node LogVariance, Node Z, Node Reconstruction, Node Kl, Node Loss)
{
    /// <summary>Writes the bound.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Encoder, decoder and likelihood to write with.</param>
    internal static DrawnBound Write(GraphBuilder graph, ModelWriter model)
    {
        (Node mean, Node logVariance) = model.Posterior(graph, model.Seen);
        Node z = graph.Reparameterize(mean, logVariance, model.NoiseOf(graph, 0));
        Node reconstruction = model.Reconstruction(graph, z, model.X);
        Node kl = graph.Sum(graph.GaussianKl(mean, logVariance));
        Node loss = graph.Add(reconstruction, graph.Scale(kl, VaeModel.BetaScalar));
        return new DrawnBound(mean, logVariance, z, reconstruction, kl, loss);
    }

    /// <summary>The terms of the bound with another one added to the loss.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="term">One element per example, in nats.</param>
    internal ObjectiveTerms With(GraphBuilder graph, Node term) => new(graph.Add(Loss, term), Reconstruction, Kl);
}
