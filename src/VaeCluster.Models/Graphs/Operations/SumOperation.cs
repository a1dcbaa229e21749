namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The sum of each row's elements: one element per row.</summary>
public sealed record SumOperation : Operation;
