namespace VaeCluster.Grains.Runs;

/// <summary>Part of a file.</summary>
/// <param name="Bytes">The bytes; empty at the end of the file.</param>
/// <param name="Stamp">Identifies this version of the file, so that parts of the old and the new version of a replaced file are not mixed.
/// Null if the silo's release does not send it.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.FilePart")]
public sealed record FilePart([property: Id(0)] byte[] Bytes, [property: Id(1)] string? Stamp = null)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Reads at most a megabyte.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="offset">Where the part begins, in bytes from the start of the file.</param>
    internal static async Task<FilePart> ReadAsync(Stream stream, long offset)
    {
        string? stamp = stream is FileStream file
            ? FormattableString.Invariant($"{file.Length} {File.GetLastWriteTimeUtc(file.SafeFileHandle).Ticks}")
            : null;
        stream.Seek(offset, SeekOrigin.Begin);
        var buffer = new byte[MostBytes];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return new FilePart(buffer[..read], stamp);
    }
}
