namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>What the driver says of a GPU.</summary>
/// <param name="MemoryUsed">Bytes in use by all processes.</param>
/// <param name="MemoryTotal">Bytes there are.</param>
/// <param name="Utilization">Share of the last second or so in which it computed, from 0 to 1.</param>
internal sealed record NvidiaReading(long MemoryUsed, long MemoryTotal, double Utilization);
