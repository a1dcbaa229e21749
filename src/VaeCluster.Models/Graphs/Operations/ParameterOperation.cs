using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A parameter as a value: a single row, broadcast by the elementwise operations that use it.</summary>
/// <param name="Slice">The slice of the flat vector.</param>
public sealed record ParameterOperation(ParameterSlice Slice) : Operation;
