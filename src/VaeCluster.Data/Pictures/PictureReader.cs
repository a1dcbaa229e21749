using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Reads picture files of the formats that are known here, told apart by how they begin.</summary>
internal static class PictureReader
{
    /// <summary>Pictures of more pixels are refused: a file of a few bytes can ask for any amount of memory.</summary>
    internal const long MostPixels = 1L << 28;

    private const long LongestFile = 1L << 30;

    // The largest head that is looked at: a PNG's first chunk, or the first lines of a PGM with comments.
    private const int HeadBytes = 4096;

    /// <summary>The endings of files that are read.</summary>
    internal static IReadOnlyList<string> Endings { get; } = [".png", ".pgm", ".ppm", ".pnm"];

    /// <summary>Reads the size alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read or is no picture.</exception>
    internal static PictureSize ReadSize(string path)
    {
        byte[] head = new byte[HeadBytes];
        int length = Use(path, file => file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        ReadOnlySpan<byte> bytes = head.AsSpan(0, length);
        return PngReader.Begins(bytes) ? PngReader.ReadSize(path, bytes) : PnmReader.ReadSize(path, bytes);
    }

    /// <summary>Reads and decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read, is no picture, or a damaged one.</exception>
    internal static Picture Read(string path)
    {
        byte[] bytes = Use(path, file =>
        {
            if (file.Length > LongestFile) throw new BadInputException(path, null, null, $"has {file.Length} bytes; a picture has at most {LongestFile}");
            byte[] all = new byte[file.Length];
            file.ReadExactly(all);
            return all;
        });
        return PngReader.Begins(bytes) ? PngReader.Read(path, bytes) : PnmReader.Read(path, bytes);
    }

    /// <summary>Refuses a size that cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">What its head says.</param>
    internal static PictureSize Demand(string path, PictureSize size)
    {
        if (size.Width < 1 || size.Height < 1 || (long)size.Width * size.Height > MostPixels)
            throw new BadInputException(path, null, null, $"says that it is {size.Height}×{size.Width}; at least 1×1 and at most {MostPixels} pixels are read");
        return size;
    }

    private static T Use<T>(string path, Func<FileStream, T> use)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return use(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }
}
