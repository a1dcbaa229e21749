namespace VaeCluster.Grains.Runs;

/// <summary>Lines of a run's metrics.</summary>
/// <param name="Positions">For each line its position.</param>
/// <param name="Kinds">For each line its kind.</param>
/// <param name="Lines">The lines, JSON.</param>
/// <param name="IsLast">Whether the run had ended before the lines were read, so that no others come after them.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.MetricsBatch")]
public sealed record MetricsBatch(
    [property: Id(0)] string[] Positions, [property: Id(1)] string[] Kinds, [property: Id(2)] byte[][] Lines,
    [property: Id(3)] bool IsLast);
