namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// z = μ + exp(½·log σ²)·ε. Inputs: μ, log σ², ε, of equal size.
/// Source: Kingma and Welling, Auto-Encoding Variational Bayes (2013), section 2.4.
/// </summary>
public sealed record ReparameterizeOperation : Operation;
