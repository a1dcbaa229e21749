using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs.Operations;

/// <summary>A parameter whose first dimension counts rows: a batch of its own, beside that of the examples.</summary>
/// <param name="Slice">The parameter.</param>
public sealed record ParameterRowsOperation(ParameterSlice Slice) : Operation;
