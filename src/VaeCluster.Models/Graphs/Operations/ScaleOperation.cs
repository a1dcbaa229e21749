namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Each element times a number that the caller sets for the step, such as β.</summary>
/// <param name="Scalar">Name of the number.</param>
public sealed record ScaleOperation(string Scalar) : Operation;
