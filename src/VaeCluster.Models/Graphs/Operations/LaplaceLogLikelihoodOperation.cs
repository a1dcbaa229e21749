namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row for independent Laplace pixels, in nats: −Σ |x − m|·e^−s + s + log 2, with log-scale s.
/// Inputs: location m, log-scale s, x. s has the size of m, or size 1 (one for all pixels); it may be per example or a parameter.
/// No gradient flows into x; the gradient of m is 0 where x = m.
/// </summary>
public sealed record LaplaceLogLikelihoodOperation : Operation;
