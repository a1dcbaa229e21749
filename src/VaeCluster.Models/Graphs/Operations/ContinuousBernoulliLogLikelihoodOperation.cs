namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row under independent continuous Bernoulli pixels in [0, 1], in nats: Σ x·l − A(l) with A(l) = log((e^l − 1)/l), l the
/// logit of λ. It is Σ x·log λ + (1 − x)·log(1 − λ) + log C(λ) with the constant C(λ) = 2·artanh(1 − 2λ)/(1 − 2λ) that a plain Bernoulli on
/// grey values lacks. Inputs: logits, x. No gradient flows into x.
/// Source: Loaiza-Ganem and Cunningham, The continuous Bernoulli: fixing a pervasive error in variational autoencoders (2019).
/// </summary>
public sealed record ContinuousBernoulliLogLikelihoodOperation : Operation;
