namespace VaeCluster.Models.Graphs.Operations;

/// <summary>
/// Each channel of an example times a factor of its own, such as a mask of dropout; the operands are the value, whose first dimension is
/// that of the channels, and the factors, to which no gradient flows.
/// </summary>
public sealed record ChannelScaleOperation : Operation;
