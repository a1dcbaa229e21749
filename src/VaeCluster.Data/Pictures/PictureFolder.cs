using VaeCluster.Core;

namespace VaeCluster.Data.Pictures;

/// <summary>The picture files below a folder, in the order of their names (byte by byte, with / between folders).</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Their paths relative to it.</param>
internal sealed record PictureFolder(string Path, IReadOnlyList<string> Files)
{
    private static readonly string[] OtherPictures = [".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".heic", ".pbm", ".pam"];

    /// <summary>
    /// The classes: the names of the folders right below, where every file is in one; null: there are none. The label of a class is its place here.
    /// </summary>
    internal IReadOnlyList<string>? Classes { get; } =
        Files.All(file => file.Contains('/', StringComparison.Ordinal)) ? [.. Files.Select(ClassOf).Distinct().Order(StringComparer.Ordinal)] : null;

    /// <summary>The folder right below that a file is in.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal static string ClassOf(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Looks for pictures, in sub-folders too and through symbolic links; hidden files and folders are passed over.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="BadInputException">There is no such folder or no picture in it, one of a kind that is not read, or links in a circle.</exception>
    internal static PictureFolder Find(string path)
    {
        if (!Directory.Exists(path)) throw new BadInputException(path, null, null, $"{(File.Exists(path) ? "is a file" : "no such folder")}; a folder of pictures is needed");
        var files = new List<string>();
        try
        {
            Collect(path, string.Empty, [], files);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        if (files.Count == 0) throw new BadInputException(path, null, null, $"holds no pictures ({string.Join(", ", PictureReader.Endings)})");
        files.Sort(StringComparer.Ordinal);
        return new PictureFolder(path, files);
    }

    /// <summary>A file's path.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal string FullPath(string file) => System.IO.Path.Combine(Path, file);

    private static void Collect(string root, string relative, List<string> above, List<string> files)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(root, relative));
        string real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (above.Contains(real)) throw new BadInputException(folder.FullName, null, null, "is a symbolic link to a folder that it is in");
        above.Add(real);
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.')) continue;
            string name = relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}";
            string ending = System.IO.Path.GetExtension(entry.Name).ToLowerInvariant();
            if (Directory.Exists(entry.FullName)) Collect(root, name, above, files);
            else if (PictureReader.Endings.Contains(ending)) files.Add(name);
            else if (OtherPictures.Contains(ending)) throw new BadInputException(entry.FullName, null, null, "is no PNG, PGM or PPM; convert it, or move it away");
        }

        above.RemoveAt(above.Count - 1);
    }
}
