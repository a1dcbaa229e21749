namespace VaeCluster.Data;

/// <summary>Images that come from files of their own.</summary>
public interface INamedImages
{
    /// <summary>The file of each image, by its index in the set, relative to the folder of the data; null: they are not in files of their
    /// own.</summary>
    IReadOnlyList<string>? FileNames { get; }
}
