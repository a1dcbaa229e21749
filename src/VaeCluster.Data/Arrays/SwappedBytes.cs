using VaeCluster.Core.Formats;

namespace VaeCluster.Data.Arrays;

/// <summary>The bytes of an array in a file whose elements have their most significant byte first, read as little-endian.</summary>
/// <param name="inner">The bytes as they are in the file.</param>
/// <param name="size">Bytes of an element; what is read begins and ends with a whole one.</param>
internal sealed class SwappedBytes(ByteSource inner, int size) : ByteSource
{
    internal override long Length => inner.Length;

    /// <summary>The bytes of an array as little-endian; those in memory are swapped in place.</summary>
    /// <param name="header">The array's type and byte order.</param>
    /// <param name="bytes">Its elements.</param>
    internal static ByteSource Of(NpyHeader header, ByteSource bytes)
    {
        if (!header.IsBigEndian || header.SwapSize == 1) return bytes;
        if (bytes.Memory is not { } memory) return new SwappedBytes(bytes, header.SwapSize);
        NpyElements.Swap(memory, header.SwapSize);
        return bytes;
    }

    internal override void Read(long offset, Span<byte> destination)
    {
        inner.Read(offset, destination);
        NpyElements.Swap(destination, size);
    }
}
