namespace VaeCluster.Service.Store;

/// <summary>Removes folders of the folder of runs: one is gone at once under its name, and a crash leaves nothing that looks like a run or
/// a sweep.</summary>
public static class DeletedFolders
{
    private const string Prefix = ".deleted-";

    /// <summary>Removes a folder with all that is in it.</summary>
    /// <param name="folder">The folder of a run or a sweep that nobody executes.</param>
    public static void Remove(string folder)
    {
        string moved = Path.Combine(Path.GetDirectoryName(folder)!, $"{Prefix}{Guid.NewGuid():N}");
        Directory.Move(folder, moved);
        Directory.Delete(moved, recursive: true);
    }

    /// <summary>Clears away what a crash has left of removals.</summary>
    /// <param name="runs">The folder of runs.</param>
    public static void Clear(string runs)
    {
        foreach (string moved in Directory.EnumerateDirectories(runs, $"{Prefix}*")) Directory.Delete(moved, recursive: true);
    }
}
