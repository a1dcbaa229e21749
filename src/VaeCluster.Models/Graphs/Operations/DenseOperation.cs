using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>y = activation(W·x + b) for each row.</summary>
/// <param name="Weight">W, of shape [outputs, inputs].</param>
/// <param name="Bias">b, of shape [outputs].</param>
/// <param name="Activation">Applied to the result.</param>
/// <param name="Mask">Which weights count; null: all.</param>
public sealed record DenseOperation(ParameterSlice Weight, ParameterSlice Bias, Activation Activation, DenseMask? Mask = null) : Operation;
