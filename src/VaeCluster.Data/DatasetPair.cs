namespace VaeCluster.Data;

/// <summary>The images of a dataset.</summary>
/// <param name="Training">The training images.</param>
/// <param name="Test">The test images, of the same size; null if there are none.</param>
public sealed record DatasetPair(IDataset Training, IDataset? Test)
{
    /// <summary>Validation images that come with the dataset, of the same size; null if there are none.</summary>
    public IDataset? Validation { get; init; }

    /// <summary>What the user should know about how the data was read, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
