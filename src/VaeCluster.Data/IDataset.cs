using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>A set of images of one size, addressable by index. Reading is safe from several threads at once.</summary>
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

    /// <summary>Whether images lie in memory, so that reading one costs no more than copying it; others are worth reading ahead.</summary>
    bool IsInMemory => false;

    /// <summary>
    /// What tells this set from any other: the SHA-256 over count, shape and bytes, or over the definition of a set that is computed.
    /// It reads everything once; nothing is kept.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    string Fingerprint();
}
