using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// Deletes folders of runs and sweeps. A folder disappears under its name at once, so a crash leaves nothing that looks like a run or
/// sweep, and its number is never given out again.
/// </summary>
public static class DeletedFolders
{
    /// <summary>How the name of a folder begins that is still being filled, before it becomes a run or sweep.</summary>
    internal const string Unfinished = ".new-";

    private const string Prefix = ".deleted-";

    /// <summary>Takes a folder out of sight. Callers must take turns, see <see cref="IRunStore.LockAsync"/>.</summary>
    /// <param name="folder">The folder of a run or sweep that is not in progress.</param>
    /// <returns>Where it is now; pass it to <see cref="Delete"/>, which may take long, when others may have their turn.</returns>
    public static string Hide(string folder)
    {
        string runs = Path.GetDirectoryName(folder)!;
        if (RunNames.NumberOf(Path.GetFileName(folder)) is { } number) RunNumbers.Remember(runs, number);
        string moved = Path.Combine(runs, $"{Prefix}{Guid.NewGuid():N}");
        Directory.Move(folder, moved);
        return moved;
    }

    /// <summary>Deletes what a crash left of unfinished deletions.</summary>
    /// <param name="runs">The folder of runs.</param>
    public static void Clear(string runs)
    {
        foreach (string moved in Directory.EnumerateDirectories(runs, $"{Prefix}*")) Delete(moved);
    }

    /// <summary>Deletes folders that a crash kept from becoming runs or sweeps. No other host may use the folder of runs.</summary>
    /// <param name="runs">The folder of runs.</param>
    public static void ClearUnfinished(string runs)
    {
        foreach (string part in Directory.EnumerateDirectories(runs, $"{Unfinished}*")) Delete(part);
    }

    /// <summary>Deletes a folder with all its content, as far as that is possible now; the next start deletes the rest.</summary>
    /// <param name="moved">The folder.</param>
    public static void Delete(string moved)
    {
        try
        {
            Directory.Delete(moved, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A file may still be open on another machine, or another silo may be deleting the same folder.
        }
    }
}
