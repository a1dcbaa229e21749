using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>A training objective, written once as a graph.</summary>
public abstract class Objective
{
    /// <summary>Whether the encoder outputs a variance besides the mean; false for a plain autoencoder.</summary>
    public virtual bool EncodesVariance => true;

    /// <summary>
    /// Samples of z per example in training, at least 1. Sample s uses the s-th part of the noise of (step, example), so the first samples
    /// are the same for any number of samples.
    /// </summary>
    public virtual int Samples => 1;

    /// <summary>
    /// The weight of the KL term before the β schedule; the scalar <see cref="VaeModel.BetaScalar"/> is the product of both.
    /// </summary>
    public abstract double Beta { get; }

    /// <summary>The term that couples the examples of a batch; null if the loss of each example depends on that example only.</summary>
    public virtual BatchCoupling? Coupling => null;

    /// <summary>Why the objective works with no other prior than N(0, I), as a clause; null: it works with any.</summary>
    public virtual string? NeedsStandardPrior => null;

    /// <summary>Why the objective works with no other posterior than a Gaussian, as a clause; null: it works with any.</summary>
    public virtual string? NeedsGaussianPosterior => null;

    /// <summary>
    /// The capacity of a step in nats (the scalar <see cref="VaeModel.CapacityScalar"/>); null for an objective without one.
    /// </summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">Number of steps of the run.</param>
    public virtual double? CapacityAt(int step, int totalSteps) => null;

    /// <summary>The code of an encoder without variance: the architecture's outputs, or what an objective makes of them.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="outputs">The encoder's outputs, one per latent dimension.</param>
    public virtual Node Code(GraphBuilder graph, Node outputs) => outputs;

    /// <summary>Writes the loss and its terms, one element per example each, in nats.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Encoder, decoder and likelihood to write with.</param>
    public abstract ObjectiveTerms Write(GraphBuilder graph, ModelWriter model);
}
