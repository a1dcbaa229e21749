using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>What is minimised, written once as a graph.</summary>
public abstract class Objective
{
    /// <summary>Whether the encoder gives a variance beside the mean; false for a plain autoencoder.</summary>
    public virtual bool EncodesVariance => true;

    /// <summary>The weight of the KL term at full strength, before the β schedule's factor; it is multiplied into the scalar <see cref="VaeModel.BetaScalar"/>.</summary>
    public abstract double Beta { get; }

    /// <summary>Writes loss and terms, one element an example each, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Encoder, decoder and likelihood to write with.</param>
    public abstract ObjectiveTerms Write(GraphBuilder graph, ModelWriter model);
}
