namespace VaeCluster.Grains.Coordination;

/// <summary>Where a run in progress stands.</summary>
/// <param name="Step">The last step done.</param>
/// <param name="Workers">The workers that take part.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RunProgress")]
public sealed record RunProgress([property: Id(0)] int Step, [property: Id(1)] string[] Workers);
