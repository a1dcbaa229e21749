namespace VaeCluster.Cli.LocalRuns;

/// <summary>Whether a process trains in a folder: it holds the folder's lock file open until it ends, however it ends.</summary>
internal static class FolderLock
{
    /// <summary>Whether a living process of this machine holds a lock.</summary>
    /// <param name="path">The lock file; it need not exist.</param>
    internal static bool IsHeld(string path)
    {
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
