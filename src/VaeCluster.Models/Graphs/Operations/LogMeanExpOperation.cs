namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// log((1/k) Σ e^v) over k values of equal size, element by element, without overflow. Inputs: the k values. The gradient of each is its
/// share of the sum: the normalised importance weight, if the values are log-weights.
/// </summary>
public sealed record LogMeanExpOperation : Operation;
