namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row for independent continuous Bernoulli pixels in [0, 1], in nats: Σ x·l − A(l) with A(l) = log((e^l − 1)/l), where l
/// is the logit of λ. This equals Σ x·log λ + (1 − x)·log(1 − λ) + log C(λ) with the normalising constant C(λ) =
/// 2·artanh(1 − 2λ)/(1 − 2λ), which a Bernoulli likelihood of grey values lacks. Inputs: logits, x. No gradient flows into x.
/// Source: Loaiza-Ganem and Cunningham, The continuous Bernoulli: fixing a pervasive error in variational autoencoders (2019).
/// </summary>
public sealed record ContinuousBernoulliLogLikelihoodOperation : Operation;
