namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// KL(N(μ, σ²) ‖ N(0, 1)) of each latent dimension, in nats: ½(μ² + σ² − log σ² − 1). Inputs: μ, log σ².
/// Source: Kingma and Welling, Auto-Encoding Variational Bayes (2013), appendix B.
/// </summary>
public sealed record GaussianKlOperation : Operation;
