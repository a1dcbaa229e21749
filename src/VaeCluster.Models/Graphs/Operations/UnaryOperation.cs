namespace VaeCluster.Models.Graphs.Operations;

/// <summary>An elementwise function.</summary>
/// <param name="Function">The function.</param>
/// <param name="A">First constant, if the function has one.</param>
/// <param name="B">Second constant, if the function has one.</param>
public sealed record UnaryOperation(UnaryFunction Function, float A = 0f, float B = 0f) : Operation;
