namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row under independent Bernoulli pixels, in nats: Σ x·l − log(1 + e^l), l the logits.
/// Grey x in [0, 1] is taken as it is. Inputs: logits, x. No gradient flows into x.
/// </summary>
public sealed record BernoulliLogLikelihoodOperation : Operation;
