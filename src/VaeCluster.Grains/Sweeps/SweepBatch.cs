namespace VaeCluster.Grains.Sweeps;

/// <summary>Consecutive lines of a sweep's log.</summary>
/// <param name="Positions">The number of each line, from 1.</param>
/// <param name="Kinds">The kind of each line.</param>
/// <param name="Lines">The lines as JSON.</param>
/// <param name="Offset">Where the last line ends in the log, in bytes; pass it with the line's number to get the next lines.</param>
/// <param name="IsLast">Whether the sweep had ended before these lines were read, so that no more will follow.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.SweepBatch")]
public sealed record SweepBatch(
    [property: Id(0)] long[] Positions,
    [property: Id(1)] string[] Kinds,
    [property: Id(2)] byte[][] Lines,
    [property: Id(3)] long Offset,
    [property: Id(4)] bool IsLast);
