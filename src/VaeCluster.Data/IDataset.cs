using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>A set of images of one size, addressed by index. Reading is thread-safe.</summary>
public interface IDataset
{
    /// <summary>The name in the run file.</summary>
    string Name { get; }

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Size of each image.</summary>
    ImageShape Image { get; }

    /// <summary>Reads one image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="pixels">Receives <see cref="ImageShape.Pixels"/> values in [0, 1]: bytes / 255.</param>
    void Read(int index, Span<float> pixels);

    /// <summary>Whether images are in memory, so that reading one only copies it; other datasets benefit from reading ahead.</summary>
    bool IsInMemory => false;

    /// <summary>
    /// A cheap sign that changes when a file of the images does: sizes and times. Null: there is none, and <see cref="Fingerprint"/> is
    /// quick enough, since the images are in memory or computed.
    /// </summary>
    string? Stamp => null;

    /// <summary>
    /// Identifies the dataset: the SHA-256 of count, shape and bytes, or of the definition of a dataset that is computed.
    /// Reads all images; the result is not cached.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    string Fingerprint();
}
