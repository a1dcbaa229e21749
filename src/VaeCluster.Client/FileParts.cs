using VaeCluster.Grains.Runs;

namespace VaeCluster.Client;

/// <summary>Assembles files that are sent in parts.</summary>
internal static class FileParts
{
    /// <summary>Reads a whole file. If the file is replaced while it is read, reading starts again.</summary>
    /// <param name="read">Returns the part at an offset; null if there is no such file.</param>
    /// <param name="cancellation">Ends the call early.</param>
    internal static async Task<Stream?> ReadAsync(Func<long, Task<FilePart?>> read, CancellationToken cancellation)
    {
        var whole = new MemoryStream();
        string? stamp = null;
        while (await read(whole.Length).WaitAsync(cancellation) is { } part)
        {
            bool isAnother = whole.Length > 0 && part.Stamp != stamp;
            stamp = part.Stamp;
            if (isAnother)
            {
                whole.SetLength(0);
                continue;
            }

            if (part.Bytes.Length == 0)
            {
                whole.Position = 0;
                return whole;
            }

            whole.Write(part.Bytes);
        }

        await whole.DisposeAsync();
        return null;
    }
}
