using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core;

namespace VaeCluster.Data;

/// <summary>Images in memory as bytes, one after another, channel by channel.</summary>
internal sealed class StoredImages : IDataset
{
    private readonly byte[] _pixels;

    /// <summary>Wraps the bytes without copying them.</summary>
    /// <param name="name">The name in the run file.</param>
    /// <param name="image">The size of each image.</param>
    /// <param name="pixels">The bytes of a whole number of images.</param>
    internal StoredImages(string name, ImageShape image, byte[] pixels)
    {
        Name = name;
        Image = image;
        Count = pixels.Length / image.Pixels;
        _pixels = pixels;
    }

    public string Name { get; }

    public int Count { get; }

    public bool IsInMemory => true;

    public ImageShape Image { get; }

    public void Read(int index, Span<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        int size = Image.Pixels;
        PixelBytes.ToFloat(_pixels.AsSpan(index * size, size), pixels);
    }

    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string shape = string.Create(CultureInfo.InvariantCulture, $"images {Count} {Image.Channels} {Image.Height} {Image.Width}\n");
        hash.AppendData(Encoding.ASCII.GetBytes(shape));
        hash.AppendData(_pixels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
