using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>What is minimised, written once as a graph.</summary>
public abstract class Objective
{
    /// <summary>Whether the encoder gives a variance beside the mean; false for a plain autoencoder.</summary>
    public virtual bool EncodesVariance => true;

    /// <summary>
    /// Samples of z that an example gets in training, at least 1. The first samples are the same for any number: sample s has the s-th part of
    /// the noise that belongs to (step, example).
    /// </summary>
    public virtual int Samples => 1;

    /// <summary>The weight of the KL term at full strength, before the β schedule's factor; it is multiplied into the scalar <see cref="VaeModel.BetaScalar"/>.</summary>
    public abstract double Beta { get; }

    /// <summary>The term that couples the examples of a batch; null: the loss of an example depends on it alone.</summary>
    public virtual BatchCoupling? Coupling => null;

    /// <summary>The capacity of a step in nats, the scalar <see cref="VaeModel.CapacityScalar"/>; null for an objective that knows none.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">Steps of the run.</param>
    public virtual double? CapacityAt(int step, int totalSteps) => null;

    /// <summary>Writes loss and terms, one element an example each, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Encoder, decoder and likelihood to write with.</param>
    public abstract ObjectiveTerms Write(GraphBuilder graph, ModelWriter model);
}
