namespace VaeCluster.Grains.Runs;

/// <summary>A part of a file.</summary>
/// <param name="Bytes">Its bytes; none at the end of the file.</param>
/// <param name="Stamp">Tells the file from the one that replaces it: parts of two do not make a whole. Null: from a silo that does not
/// say.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.FilePart")]
public sealed record FilePart([property: Id(0)] byte[] Bytes, [property: Id(1)] string? Stamp = null)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Reads a part of at most a megabyte.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
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
