namespace VaeCluster.Grains.Runs;

/// <summary>Consecutive lines of a run's metrics.</summary>
/// <param name="Positions">The position of each line.</param>
/// <param name="Kinds">The kind of each line.</param>
/// <param name="Lines">The lines as JSON.</param>
/// <param name="IsLast">Whether the run had ended before these lines were read, so that no more will follow.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.MetricsBatch")]
public sealed record MetricsBatch(
    [property: Id(0)] string[] Positions, [property: Id(1)] string[] Kinds, [property: Id(2)] byte[][] Lines,
    [property: Id(3)] bool IsLast);
