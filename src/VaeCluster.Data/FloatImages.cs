using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Images in memory as floats, one after another, channel by channel.</summary>
/// <param name="name">The name of the dataset.</param>
/// <param name="image">The size of each image.</param>
/// <param name="pixels">The values of a whole number of images; not copied.</param>
internal sealed class FloatImages(string name, ImageShape image, ReadOnlyMemory<float> pixels) : IDataset
{
    public string Name => name;

    public int Count { get; } = pixels.Length / image.Pixels;

    public bool IsInMemory => true;

    public ImageShape Image => image;

    public void Read(int index, Span<float> target) =>
        pixels.Span.Slice(index * image.Pixels, image.Pixels).CopyTo(target);

    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(pixels.Span)));
}
