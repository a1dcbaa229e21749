namespace VaeCluster.Service.Runs;

/// <summary>Resolves all symbolic links in a path.</summary>
public static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The path without links; components that do not exist are kept as written.</summary>
    /// <param name="path">Any path.</param>
    public static string Of(string path) => Path.TrimEndingDirectorySeparator(Follow(Path.GetFullPath(path), 0));

    private static string Follow(string path, int links)
    {
        string root = Path.GetPathRoot(path)!;
        string real = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null) real = next;
            else if (links >= MostLinks) return next; // a loop, which cannot be opened
            else real = Follow(Path.GetFullPath(target, real), ++links);
        }

        return real;
    }
}
