using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Data.Tests;

/// <summary>Makes IDX files, valid and invalid.</summary>
internal static class IdxBytes
{
    public static byte[] Of(uint[] sizes, byte[] values, byte type = 8)
    {
        byte[] file = new byte[4 + 4 * sizes.Length + values.Length];
        file[2] = type;
        file[3] = (byte)sizes.Length;
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4 + 4 * i), sizes[i]);
        values.CopyTo(file, 4 + 4 * sizes.Length);
        return file;
    }

    /// <summary>Grey images whose bytes count up.</summary>
    public static byte[] Images(int count, int height, int width) =>
        Of([(uint)count, (uint)height, (uint)width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)i)]);

    public static byte[] Labels(int count, int classes = 10) =>
        Of([(uint)count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))]);

    public static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    /// <summary>Writes the four files of an MNIST folder.</summary>
    public static void WriteMnist(TemporaryFolder folder, int training = 30, int test = 10, int side = 4)
    {
        folder.Write("train-images-idx3-ubyte", Images(training, side, side));
        folder.Write("train-labels-idx1-ubyte", Labels(training));
        folder.Write("t10k-images-idx3-ubyte.gz", Gzip(Images(test, side, side)));
        folder.Write("t10k-labels.idx1-ubyte", Labels(test));
    }
}
