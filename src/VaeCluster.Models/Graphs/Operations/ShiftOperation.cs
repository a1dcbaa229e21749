namespace VaeCluster.Models.Graphs.Operations;

/// <summary>Each element less a number that the caller sets for the step, such as a capacity.</summary>
/// <param name="Scalar">Name of the number.</param>
public sealed record ShiftOperation(string Scalar) : Operation;
