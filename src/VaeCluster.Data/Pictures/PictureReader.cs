using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Reads image files; the format is recognised by the first bytes.</summary>
internal static class PictureReader
{
    /// <summary>Images with more pixels are refused, since a file of a few bytes can demand any amount of memory.</summary>
    internal const long MostPixels = 1L << 28;

    private const long LongestFile = 1L << 30;

    // Enough for the header: a PNG's first chunk, or the first lines of a PGM with comments.
    private const int HeadBytes = 4096;

    /// <summary>The supported file extensions.</summary>
    internal static IReadOnlyList<string> Endings { get; } = [".png", ".pgm", ".ppm", ".pnm"];

    /// <summary>Reads only the size.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read or is not an image.</exception>
    internal static PictureSize ReadSize(string path)
    {
        byte[] head = new byte[HeadBytes];
        int length = Use(path, file => file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        ReadOnlySpan<byte> bytes = head.AsSpan(0, length);
        return PngReader.Begins(bytes) ? PngReader.ReadSize(path, bytes) : PnmReader.ReadSize(path, bytes);
    }

    /// <summary>Reads and decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read, is not an image, or is damaged.</exception>
    internal static Picture Read(string path)
    {
        byte[] bytes = Use(path, file =>
        {
            if (file.Length > LongestFile)
                throw new BadInputException(path, null, null, $"has {file.Length} bytes; at most {LongestFile} are supported");
            byte[] all = new byte[file.Length];
            file.ReadExactly(all);
            return all;
        });
        return PngReader.Begins(bytes) ? PngReader.Read(path, bytes) : PnmReader.Read(path, bytes);
    }

    /// <summary>Refuses an empty or too large image.</summary>
    internal static PictureSize CheckSize(string path, PictureSize size)
    {
        if (size.Width < 1 || size.Height < 1 || (long)size.Width * size.Height > MostPixels)
            throw new BadInputException(
                path, null, null,
                $"has size {size.Height}×{size.Width} in its header; expected at least 1×1 and at most {MostPixels} pixels");
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
