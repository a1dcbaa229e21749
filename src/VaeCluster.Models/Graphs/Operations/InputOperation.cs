namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Rows that the caller provides. No gradient flows into them.</summary>
/// <param name="Name">Name by which the caller fills it.</param>
public sealed record InputOperation(string Name) : Operation;
