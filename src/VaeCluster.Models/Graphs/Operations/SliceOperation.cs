namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A run of consecutive features of each row; how many is the node's size.</summary>
/// <param name="Offset">Index of the first.</param>
public sealed record SliceOperation(int Offset) : Operation;
