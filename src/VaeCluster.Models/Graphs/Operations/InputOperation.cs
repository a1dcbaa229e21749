namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Values that the caller provides. No gradient flows into them.</summary>
/// <param name="Name">Name of the input.</param>
public sealed record InputOperation(string Name) : Operation;
