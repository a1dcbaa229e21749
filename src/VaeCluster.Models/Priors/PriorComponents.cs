using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Priors;

/// <summary>The Gaussians of a mixture, a row each.</summary>
/// <param name="Mean">Their means, [latent].</param>
/// <param name="LogVariance">Their log-variances, [latent].</param>
/// <param name="Logit">The logits of their weights, [1]; null: equal weights.</param>
public sealed record PriorComponents(Node Mean, Node LogVariance, Node? Logit);
