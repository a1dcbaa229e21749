namespace VaeCluster.Data;

/// <summary>What a run file's <c>data</c> section opens.</summary>
/// <param name="Training">The images to learn from.</param>
/// <param name="Test">The data's own test images, of the same size; null where it has none.</param>
public sealed record DatasetPair(IDataset Training, IDataset? Test);
