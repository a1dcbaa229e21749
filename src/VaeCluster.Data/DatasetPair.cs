namespace VaeCluster.Data;

/// <summary>The images of a dataset.</summary>
/// <param name="Training">The training images.</param>
/// <param name="Test">The test images, of the same size; null if there are none.</param>
public sealed record DatasetPair(IDataset Training, IDataset? Test);
