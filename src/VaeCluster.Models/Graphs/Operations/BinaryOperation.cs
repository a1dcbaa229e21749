namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// A function of two elements. The operands have equal sizes, or one of them has size 1 and is repeated over the features;
/// an operand that is not per example is repeated over the rows.
/// </summary>
/// <param name="Function">Which function.</param>
public sealed record BinaryOperation(BinaryFunction Function) : Operation;
