namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The same elements under another shape.</summary>
public sealed record ReshapeOperation : Operation;
