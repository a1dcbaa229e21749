namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row for independent Bernoulli pixels, in nats: Σ x·l − log(1 + e^l), with logits l.
/// Grey values x in [0, 1] are used unchanged. Inputs: logits, x. No gradient flows into x.
/// </summary>
public sealed record BernoulliLogLikelihoodOperation : Operation;
