namespace VaeCluster.Data.Arrays;

/// <summary>The bytes of an array, in memory or in a file. Reading is safe from several threads at once.</summary>
internal abstract class ByteSource
{
    /// <summary>Number of bytes.</summary>
    internal abstract long Length { get; }

    /// <summary>The bytes, where they lie in memory; null: in a file.</summary>
    internal virtual byte[]? Memory => null;

    /// <summary>Copies bytes.</summary>
    /// <param name="offset">The first of them.</param>
    /// <param name="destination">Receives them, as many as it is long.</param>
    /// <exception cref="Core.BadInputException">The file has been cut or cannot be read.</exception>
    internal abstract void Read(long offset, Span<byte> destination);
}
