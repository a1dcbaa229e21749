using VaeCluster.Core;

namespace VaeCluster.Service.Store;

/// <summary>
/// Prevents two hosts from driving the runs of one folder. A server that executes runs in its own process locks the folder for itself; the
/// silos of a cluster share the lock. The operating system releases it when a process ends, however it ends.
/// </summary>
public static class RunsFolderLock
{
    // Earlier releases of the server lock a file of this name, so they are noticed too.
    private const string FileName = ".server.lock";

    /// <summary>Locks the folder for one server.</summary>
    /// <param name="folder">The folder of runs; created if it does not exist.</param>
    /// <returns>The lock; dispose of it to release.</returns>
    /// <exception cref="BadInputException">Another server or silos use the folder, or it is not writable.</exception>
    public static IDisposable TakeAlone(string folder) => Take(folder, FileAccess.ReadWrite, FileShare.None, () => IsShared(folder)
        ? "a folder that no other server uses; silos of a cluster are using this one: submit to them, or stop them first"
        : "a folder that no other server uses; a `serve` is using this one: submit to it, or stop it first");

    /// <summary>Locks the folder for a silo; the silos of a cluster share the lock.</summary>
    /// <param name="folder">The folder of runs; created if it does not exist.</param>
    /// <returns>The lock; dispose of it to release.</returns>
    /// <exception cref="BadInputException">A server uses the folder, or it is not writable.</exception>
    public static IDisposable TakeShared(string folder) => Take(
        folder, FileAccess.Read, FileShare.ReadWrite,
        () => "a folder that no other server uses; a `serve` is using this one: submit to it, or stop it first");

    /// <summary>Whether a server or silo on this machine is using a folder.</summary>
    /// <param name="folder">The folder of runs, which need not exist.</param>
    public static bool IsHeld(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Take(string folder, FileAccess access, FileShare share, Func<string> inUse)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new BadInputException("--runs", null, folder, inUse(), fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("--runs", null, folder, $"a writable folder ({fault.Message})", fault);
        }
    }

    private static bool IsShared(string folder)
    {
        try
        {
            using var shared = new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
