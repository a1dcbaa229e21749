namespace VaeCluster.Grains.Coordination;

/// <summary>The progress of a run.</summary>
/// <param name="Step">The last completed step.</param>
/// <param name="Workers">The participating workers.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RunProgress")]
public sealed record RunProgress([property: Id(0)] int Step, [property: Id(1)] string[] Workers);
