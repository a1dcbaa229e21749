namespace VaeCluster.Service.Store;

/// <summary>Lets one writer of this machine in at a time. The system lets go of it when a process ends, however it ends.</summary>
public static class LockFile
{
    // A turn is one small file's writing; who waits longer than this waits for something that hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits for its turn.</summary>
    /// <param name="path">The lock file, made where it is missing and never removed: a lock on a removed file would exclude nobody.</param>
    /// <param name="cancellation">Ends the waiting early.</param>
    /// <param name="limit">How long to wait; null: 30 s, far longer than a turn takes.</param>
    /// <returns>What to dispose of when done.</returns>
    /// <exception cref="IOException">The file cannot be made, or somebody holds it for too long.</exception>
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
