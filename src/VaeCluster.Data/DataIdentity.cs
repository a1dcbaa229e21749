using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VaeCluster.Data;

/// <summary>
/// Records what data are, and tells later whether they are the same. Images in memory, and rendered ones, are compared by their
/// fingerprint. Images that stay on disk are read whole once, when they are recorded; later their files' sizes and times and a sample of
/// the images are enough, and only where a size or a time differs are they read whole again.
/// </summary>
internal static class DataIdentity
{
    // Spread evenly over the set, the first and the last among them.
    private const int SampledImages = 256;

    /// <summary>Records a set of images.</summary>
    /// <param name="data">The images.</param>
    /// <param name="fingerprint">Gives their fingerprint.</param>
    internal static ImageSetRecord Record(IDataset data, Func<IDataset, string> fingerprint) => new(
        data.Count, data.Image.ToString(), fingerprint(data), data.Stamp, data.Stamp is null ? null : Sample(data));

    /// <summary>Whether a set of images is the one that was recorded.</summary>
    /// <param name="recorded">What was recorded.</param>
    /// <param name="data">The images.</param>
    /// <param name="fingerprint">Gives their fingerprint; asked only where nothing cheaper decides.</param>
    internal static bool IsSame(ImageSetRecord recorded, IDataset data, Func<IDataset, string> fingerprint)
    {
        if (recorded.Count != data.Count || recorded.Image != data.Image.ToString()) return false;
        if (recorded.Stamp is { } stamp && stamp == data.Stamp) return recorded.Sample == Sample(data);
        return recorded.Fingerprint == fingerprint(data);
    }

    private static string Sample(IDataset data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pixels = new float[data.Image.Pixels];
        int images = Math.Min(data.Count, SampledImages);
        for (int i = 0; i < images; i++)
        {
            data.Read(images == 1 ? 0 : (int)((long)i * (data.Count - 1) / (images - 1)), pixels);
            sha.AppendData(MemoryMarshal.AsBytes<float>(pixels));
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
