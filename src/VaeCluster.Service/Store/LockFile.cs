namespace VaeCluster.Service.Store;

/// <summary>
/// A lock file for one writer of this machine at a time. The operating system releases it when a process ends, however it ends.
/// </summary>
public static class LockFile
{
    // Writing a small file takes much less than this; whoever holds the lock longer is hanging.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits for the lock and takes it.</summary>
    /// <param name="path">The lock file, created if missing and never removed, because a lock on a removed file excludes nobody.</param>
    /// <param name="cancellation">Ends the waiting early.</param>
    /// <param name="limit">How long to wait; null for 30 s.</param>
    /// <returns>The lock; dispose of it to release.</returns>
    /// <exception cref="IOException">The file cannot be created, or the lock was not released in time.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellation, TimeSpan? limit = null)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && TimeProvider.System.GetElapsedTime(begun) < (limit ?? Limit))
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
