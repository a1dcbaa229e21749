using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>Reads image files; the format is recognised by the first bytes.</summary>
internal static class PictureReader
{
    /// <summary>Images with more pixels are refused, since a file of a few bytes can demand any amount of memory.</summary>
    internal const long MostPixels = 1L << 26;

    /// <summary>The most bytes of one decoded picture: a file of a few kilobytes may promise any number.</summary>
    internal const long MostBytes = 3 * MostPixels;

    private const long LongestFile = 1L << 28;

    // Enough for the header: a PNG's first chunk, or the first lines of a PGM with comments.
    private const int HeadBytes = 4096;

    /// <summary>The supported file extensions.</summary>
    internal static IReadOnlyList<string> Endings { get; } =
        [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".gif", ".pgm", ".ppm", ".pnm"];

    /// <summary>Reads only the size.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read or is not an image.</exception>
    internal static PictureSize ReadSize(string path)
    {
        return Use(path, file =>
        {
            byte[] head = new byte[HeadBytes];
            ReadOnlySpan<byte> bytes = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
            if (PngReader.Begins(bytes)) return PngReader.ReadSize(path, bytes);
            if (PictureFormats.IsPnm(bytes)) return PnmReader.ReadSize(path, bytes);
            if (!PictureFormats.IsOfCodecs(bytes)) throw Unknown(path, bytes);
            file.Position = 0;
            return CodecReader.ReadSize(path, file);
        });
    }

    /// <summary>Reads only the size.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="bytes">All of the file.</param>
    /// <exception cref="BadInputException">The file is not an image.</exception>
    internal static PictureSize ReadSize(string path, byte[] bytes)
    {
        if (PngReader.Begins(bytes)) return PngReader.ReadSize(path, bytes);
        if (PictureFormats.IsPnm(bytes)) return PnmReader.ReadSize(path, bytes);
        if (!PictureFormats.IsOfCodecs(bytes)) throw Unknown(path, bytes);
        using var stream = new MemoryStream(bytes);
        return CodecReader.ReadSize(path, stream);
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
        return Read(path, bytes);
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="bytes">All of the file.</param>
    /// <exception cref="BadInputException">The file is not an image, or is damaged.</exception>
    internal static Picture Read(string path, byte[] bytes)
    {
        if (PngReader.Begins(bytes)) return PngReader.Read(path, bytes);
        if (PictureFormats.IsPnm(bytes)) return PnmReader.Read(path, bytes);
        return PictureFormats.IsOfCodecs(bytes) ? CodecReader.Read(path, bytes) : throw Unknown(path, bytes);
    }

    /// <summary>Refuses an empty or too large image.</summary>
    internal static PictureSize CheckSize(string path, PictureSize size)
    {
        if (size.Width < 1 || size.Height < 1 || (long)size.Width * size.Height > MostPixels)
            throw new BadInputException(
                path, null, null,
                $"has size {size.Height}×{size.Width} in its header; expected at least 1×1 and at most {MostPixels} pixels");
        if (size.Bytes > MostBytes)
            throw new BadInputException(
                path, null, null, $"has size {size.Height}×{size.Width} in its header, {size.Bytes} bytes; at most {MostBytes} are supported");
        return size;
    }

    private static BadInputException Unknown(string path, ReadOnlySpan<byte> bytes) => new(
        path, null, null, bytes.IsEmpty ? "is empty" : $"not a {PictureFormats.Names} file (wrong magic bytes)");

    private static T Use<T>(string path, Func<FileStream, T> use)
    {
        RegularFile.Demand(path);
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
