namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The mean of every square of positions of [channels, height, width]; the squares do not overlap.</summary>
/// <param name="Factor">Side of the square, which divides height and width.</param>
public sealed record AveragePoolOperation(int Factor) : Operation;
