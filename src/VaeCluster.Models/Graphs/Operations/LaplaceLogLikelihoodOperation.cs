namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row under independent Laplace pixels, in nats: −Σ |x − m|·e^−s + s + log 2, s the logarithm of the scale b.
/// Inputs: location m, log-scale s, x. s has the size of m, or size 1 (one for all pixels); it may be per example or a parameter.
/// No gradient flows into x; that of m is 0 where x = m.
/// </summary>
public sealed record LaplaceLogLikelihoodOperation : Operation;
