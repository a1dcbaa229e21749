using Orleans;
using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;

namespace VaeCluster.Distributed.Messages;

/// <summary>A range of the flat vector and the silo that owns it.</summary>
/// <param name="Range">The range.</param>
/// <param name="Silo">Where its parameter server takes gradients.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RangePlace")]
public sealed record RangePlace([Id(0)] BlockRange Range, [Id(1)] SiloEndpoint Silo);
