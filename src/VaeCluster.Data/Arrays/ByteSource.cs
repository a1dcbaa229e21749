namespace VaeCluster.Data.Arrays;

/// <summary>The bytes of an array, in memory or in a file. Reading is thread-safe.</summary>
internal abstract class ByteSource
{
    /// <summary>Number of bytes.</summary>
    internal abstract long Length { get; }

    /// <summary>The bytes if they are in memory; null if they are in a file.</summary>
    internal virtual byte[]? Memory => null;

    /// <summary>See <see cref="IDataset.Stamp"/>; null in memory.</summary>
    internal virtual string? Stamp => null;

    /// <summary>Copies as many bytes as the destination is long.</summary>
    /// <param name="offset">Offset of the first byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <exception cref="Core.BadInputException">The file has been truncated or cannot be read.</exception>
    internal abstract void Read(long offset, Span<byte> destination);
}

/// <summary>The bytes of an array in memory; not copied.</summary>
internal sealed class MemoryBytes(byte[] bytes) : ByteSource
{
    internal override long Length => bytes.Length;

    internal override byte[] Memory => bytes;

    internal override void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
