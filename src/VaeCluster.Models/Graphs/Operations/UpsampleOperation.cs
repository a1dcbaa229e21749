namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Every position of [channels, height, width] becomes a square of equal positions (nearest neighbour).</summary>
/// <param name="Factor">Side of the square.</param>
public sealed record UpsampleOperation(int Factor) : Operation;
