namespace VaeCluster.Grains.Sweeps;

/// <summary>Lines of a sweep's log, in its order.</summary>
/// <param name="Positions">For each line its number, from 1.</param>
/// <param name="Kinds">For each line its kind.</param>
/// <param name="Lines">The lines, JSON.</param>
/// <param name="Offset">Where the last of them ends in the log, in bytes: what to give with its number for the next ones.</param>
/// <param name="IsLast">Whether the sweep had ended before the lines were read, so that no others come after them.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.SweepBatch")]
public sealed record SweepBatch(
    [property: Id(0)] long[] Positions,
    [property: Id(1)] string[] Kinds,
    [property: Id(2)] byte[][] Lines,
    [property: Id(3)] long Offset,
    [property: Id(4)] bool IsLast);
