using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>The image files below a folder, sorted by relative path (ordinal, with / between folders).</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Their paths relative to it.</param>
internal sealed record PictureFolder(string Path, IReadOnlyList<string> Files)
{
    private static readonly string[] UnsupportedEndings =
        [".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".heic", ".pbm", ".pam"];

    /// <summary>
    /// The class names: the direct subfolders, if every file is in one; otherwise null. The label of a class is its index here.
    /// </summary>
    internal IReadOnlyList<string>? Classes { get; } =
        Files.All(file => file.Contains('/', StringComparison.Ordinal))
            ? [.. Files.Select(ClassOf).Distinct().Order(StringComparer.Ordinal)]
            : null;

    /// <summary>The direct subfolder that contains a file.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal static string ClassOf(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Finds image files, including those in subfolders and behind symbolic links; hidden files and folders are ignored.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="BadInputException">
    /// The folder is missing, has no images, has an image in an unsupported format, or has circular links.
    /// </exception>
    internal static PictureFolder Find(string path)
    {
        if (!Directory.Exists(path)) throw new BadInputException(
            path, null, null, $"{(File.Exists(path) ? "is a file" : "no such folder")}; expected a folder of images");
        var files = new List<string>();
        try
        {
            Collect(path, string.Empty, [], files);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        if (files.Count == 0) throw new BadInputException(path, null, null, $"has no images ({string.Join(", ", PictureReader.Endings)})");
        files.Sort(StringComparer.Ordinal);
        return new PictureFolder(path, files);
    }

    /// <summary>A file's full path.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal string FullPath(string file) => System.IO.Path.Combine(Path, file);

    private static void Collect(string root, string relative, List<string> above, List<string> files)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(root, relative));
        string real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (above.Contains(real))
            throw new BadInputException(folder.FullName, null, null, "is a symbolic link to one of its parent folders");
        above.Add(real);
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.')) continue;
            string name = relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}";
            string ending = System.IO.Path.GetExtension(entry.Name).ToLowerInvariant();
            if (Directory.Exists(entry.FullName)) Collect(root, name, above, files);
            else if (PictureReader.Endings.Contains(ending)) files.Add(name);
            else if (UnsupportedEndings.Contains(ending))
                throw new BadInputException(entry.FullName, null, null, "not a PNG, PGM or PPM file; convert it or move it away");
        }

        above.RemoveAt(above.Count - 1);
    }
}
