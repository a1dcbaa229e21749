namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The same elements in another shape.</summary>
public sealed record ReshapeOperation : Operation;
