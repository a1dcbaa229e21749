namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Each element minus a scalar that the caller sets for the step, such as a capacity.</summary>
/// <param name="Scalar">Name of the scalar.</param>
public sealed record ShiftOperation(string Scalar) : Operation;
