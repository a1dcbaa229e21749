namespace VaeCluster.Data.Arrays;

/// <summary>The bytes of an array in memory.</summary>
/// <param name="bytes">The bytes; not copied.</param>
internal sealed class MemoryBytes(byte[] bytes) : ByteSource
{
    internal override long Length => bytes.Length;

    internal override byte[] Memory => bytes;

    internal override void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
