namespace VaeCluster.Training.Checkpoints;

/// <summary>manifest.json: what makes a checkpoint's files provably whole.</summary>
/// <param name="Generation">Incarnation that wrote it.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Files">SHA-256 of each file, in lower-case hexadecimal.</param>
public sealed record CheckpointManifest(int Generation, int Step, IReadOnlyDictionary<string, string> Files);
