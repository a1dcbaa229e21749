namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A range of consecutive features of each row; the node's size gives the number.</summary>
/// <param name="Offset">Index of the first feature.</param>
public sealed record SliceOperation(int Offset) : Operation;
