using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A parameter as a value of its own: one row for all examples, broadcast by the elementwise operations that use it.</summary>
/// <param name="Slice">Where it lives in the flat vector.</param>
public sealed record ParameterOperation(ParameterSlice Slice) : Operation;
