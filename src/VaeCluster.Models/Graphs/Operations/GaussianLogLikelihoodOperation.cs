namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log p(x) of each row for independent Gaussian pixels, in nats: −½ Σ (x − m)²·e^−v + v + log 2π, with log-variance v.
/// Inputs: mean m, log-variance v, x. v has the size of m, or size 1 (one for all pixels); it may be per example or a parameter.
/// No gradient flows into x.
/// </summary>
public sealed record GaussianLogLikelihoodOperation : Operation;
