namespace VaeCluster.Silo.Database;

/// <summary>The newest checkpoint that the incarnation in charge has declared whole.</summary>
/// <param name="Folder">The name of its folder: <c>step-00000500-g1</c>.</param>
/// <param name="Generation">The incarnation that declared it.</param>
/// <param name="Step">Steps done.</param>
public sealed record PublishedCheckpoint(string Folder, int Generation, int Step);
