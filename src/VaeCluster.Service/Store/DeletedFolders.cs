namespace VaeCluster.Service.Store;

/// <summary>
/// Deletes folders of runs and sweeps. A folder disappears under its name at once, so a crash leaves nothing that looks like a run or
/// sweep.
/// </summary>
public static class DeletedFolders
{
    private const string Prefix = ".deleted-";

    /// <summary>Deletes a folder with all its content.</summary>
    /// <param name="folder">The folder of a run or sweep that is not in progress.</param>
    public static void Remove(string folder)
    {
        string moved = Path.Combine(Path.GetDirectoryName(folder)!, $"{Prefix}{Guid.NewGuid():N}");
        Directory.Move(folder, moved);
        Directory.Delete(moved, recursive: true);
    }

    /// <summary>Deletes what a crash left of unfinished deletions.</summary>
    /// <param name="runs">The folder of runs.</param>
    public static void Clear(string runs)
    {
        foreach (string moved in Directory.EnumerateDirectories(runs, $"{Prefix}*")) Directory.Delete(moved, recursive: true);
    }
}
