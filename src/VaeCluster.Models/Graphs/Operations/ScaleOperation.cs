namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Each element times a scalar that the caller sets for the step, such as β.</summary>
/// <param name="Scalar">Name of the scalar.</param>
public sealed record ScaleOperation(string Scalar) : Operation;
