using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>A plain autoencoder: z = μ, no noise, no KL. Its "ELBO" is minus the reconstruction error and is not a bound.</summary>
public sealed class AutoencoderObjective : Objective
{
    /// <summary>Its name and fields in the run file.</summary>
    public static Member Member { get; } = new("ae", "plain autoencoder: reconstruction only, no noise", []);

    /// <inheritdoc/>
    public override bool EncodesVariance => false;

    /// <inheritdoc/>
    public override double Beta => 0;

    /// <inheritdoc/>
    public override ObjectiveTerms Write(GraphBuilder graph, ModelWriter model)
    {
        Node mean = model.Code(graph, model.Seen);
        Node reconstruction = model.Reconstruction(graph, mean, model.X);
        return new ObjectiveTerms(reconstruction, reconstruction, graph.Affine(graph.Sum(mean), 0f));
    }
}
