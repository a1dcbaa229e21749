using VaeCluster.Models.Engines;

namespace VaeCluster.Distributed.Workers;

/// <summary>A device of a silo: a worker of its own in every run.</summary>
/// <param name="Name">Such as <c>cpu:0</c>.</param>
/// <param name="Engine">Computes on it; devices that share memory share the engine, and so one copy of a run's weights.</param>
public sealed record Device(string Name, IEngine Engine);
