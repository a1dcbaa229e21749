namespace VaeCluster.Grains.Runs;

/// <summary>A part of a file.</summary>
/// <param name="Bytes">Its bytes; none at the end of the file.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.FilePart")]
public sealed record FilePart([property: Id(0)] byte[] Bytes);
