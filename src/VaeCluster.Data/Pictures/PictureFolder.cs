using System.Text;
using VaeCluster.Core;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Pictures;

/// <summary>The image files below a folder, sorted by relative path (in natural order, with / between folders).</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Their paths relative to it.</param>
internal sealed record PictureFolder(string Path, IReadOnlyList<string> Files) : IPictures
{
    // What file managers leave behind; files whose names begin with a dot are not looked at, either.
    private static readonly string[] SystemFiles = ["thumbs.db", "desktop.ini", "icon\r"];

    /// <summary>
    /// The class names: the direct subfolders, if every file is in one; otherwise null. The label of a class is its index here.
    /// </summary>
    internal IReadOnlyList<string>? Classes { get; } =
        Files.All(file => file.Contains('/', StringComparison.Ordinal))
            ? [.. Files.Select(ClassOf).Distinct().Order(NaturalOrder.Comparer)]
            : null;

    /// <summary>Files of other kinds, which are left out: their paths relative to the folder.</summary>
    internal IReadOnlyList<string> Strays { get; private init; } = [];

    /// <inheritdoc/>
    public int Count => Files.Count;

    /// <inheritdoc/>
    public string Place => Path;

    /// <inheritdoc/>
    public string Digest()
    {
        // A fault of any file is that of the first by name, whatever the timing of the threads.
        (string? Text, BadInputException? Fault)[] digests =
            [.. Files.AsParallel().AsOrdered().Select(file => PictureDecoder.Attempt(() => FileDigest.Of(FullPath(file))))];
        var text = new StringBuilder();
        foreach ((string? digest, BadInputException? fault) in digests) text.Append(fault is null ? digest : throw fault).Append('\n');
        return text.ToString();
    }

    /// <inheritdoc/>
    public IEnumerable<IReadOnlyList<PictureFile>> Batches(int most) =>
        Files.Chunk(most).Select(files => (IReadOnlyList<PictureFile>)[.. files.Select(file => new PictureFile(FullPath(file), null))]);

    /// <summary>The direct subfolder that contains a file.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal static string ClassOf(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Finds image files, including those in subfolders and behind symbolic links; hidden files and folders are ignored.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isStrict">Whether a file of another kind is an error.</param>
    /// <exception cref="BadInputException">The folder is missing, has no images, or has circular links.</exception>
    internal static PictureFolder Find(string path, bool isStrict)
    {
        CheckIsFolder(path);
        List<string> files = [], strays = [];
        try
        {
            Collect(path, string.Empty, [], files, strays);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }

        files.Sort(NaturalOrder.Comparer);
        strays.Sort(NaturalOrder.Comparer);
        if (files.Count == 0)
        {
            string others = strays.Count == 0 ? string.Empty : $"; it has {Some(strays)}";
            throw new BadInputException(path, null, null, $"has no images ({string.Join(", ", PictureReader.Endings)}){others}");
        }

        if (isStrict && strays.Count > 0)
        {
            throw new BadInputException(
                System.IO.Path.Combine(path, strays[0]), null, null,
                $"not a {PictureFormats.Names} file; convert it or move it away, or leave out 'strict: true' to pass over such files");
        }

        return new PictureFolder(path, files) { Strays = strays };
    }

    /// <summary>Refuses a path that is not a folder.</summary>
    /// <exception cref="BadInputException">There is no such folder.</exception>
    internal static void CheckIsFolder(string path)
    {
        if (!Directory.Exists(path)) throw new BadInputException(
            path, null, null, $"{(File.Exists(path) ? "is a file" : "no such folder")}; expected a folder of images");
    }

    /// <summary>A few of many names, with their number.</summary>
    /// <param name="names">At least one name.</param>
    internal static string Some(IReadOnlyList<string> names)
    {
        const int Most = 3;
        return names.Count == 1 ? names[0]
            : names.Count <= Most ? string.Join(", ", names)
            : $"{names.Count} files such as {string.Join(", ", names.Take(Most))}";
    }

    /// <summary>A file's full path.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    internal string FullPath(string file) => System.IO.Path.Combine(Path, file);

    private static void Collect(string root, string relative, List<string> above, List<string> files, List<string> strays)
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(root, relative));
        string real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (above.Contains(real))
            throw new BadInputException(folder.FullName, null, null, "is a symbolic link to one of its parent folders");
        above.Add(real);
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.') || SystemFiles.Contains(entry.Name.ToLowerInvariant()) || entry.Name == "__MACOSX") continue;
            string name = relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}";
            string ending = System.IO.Path.GetExtension(entry.Name).ToLowerInvariant();
            if (Directory.Exists(entry.FullName)) Collect(root, name, above, files, strays);
            else if (PictureReader.Endings.Contains(ending)) files.Add(name);
            else strays.Add(name);
        }

        above.RemoveAt(above.Count - 1);
    }
}
