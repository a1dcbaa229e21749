namespace VaeCluster.Models.Graphs.Operations;

/// <summary>The sum of each row's elements: one element a row.</summary>
public sealed record SumOperation : Operation;
