using System.Buffers.Binary;

namespace VaeCluster.Cli.Tests.Fixtures;

/// <summary>Looks at the head of a PNG file.</summary>
internal static class Png
{
    internal static (int Width, int Height) SizeOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal("PNG"u8.ToArray(), file[1..4]);
        return (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)));
    }
}
