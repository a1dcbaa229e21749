namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// An elementwise function of two values. The operands have equal sizes, or one of them has size 1 and is broadcast over the features;
/// an operand that is not per example is broadcast over the rows.
/// </summary>
/// <param name="Function">The function.</param>
public sealed record BinaryOperation(BinaryFunction Function) : Operation;
