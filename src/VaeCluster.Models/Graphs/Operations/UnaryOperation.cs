namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A function of each element.</summary>
/// <param name="Function">Which function.</param>
/// <param name="A">First constant, where the function has one.</param>
/// <param name="B">Second constant, where the function has one.</param>
public sealed record UnaryOperation(UnaryFunction Function, float A = 0f, float B = 0f) : Operation;
