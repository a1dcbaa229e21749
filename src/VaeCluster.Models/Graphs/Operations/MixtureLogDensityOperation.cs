namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// The log-density of each example under a mixture of K Gaussians with diagonal covariance, without overflow, and without the constant
/// −(M/2)·log 2π: log Σ_k w_k Π_j e^(−½(z_j − μ_kj)²/σ_kj²)/σ_kj. Inputs: z, [M] per example; means and log-variances, [M] in K rows;
/// optionally the logits of the weights w, [1] in K rows, without which all weights are 1/K.
/// </summary>
public sealed record MixtureLogDensityOperation : Operation;
