using VaeCluster.Core;

namespace VaeCluster.Service.Store;

/// <summary>
/// Keeps two hosts from driving the runs of one folder: a server that executes runs in its own process has the folder to itself; the silos
/// of a cluster share it among them. The system lets go of it when a process ends, however it ends.
/// </summary>
public static class RunsFolderLock
{
    // The name that earlier releases of the server have locked, so that one of those is noticed too.
    private const string FileName = ".server.lock";

    /// <summary>Takes the folder for one server alone.</summary>
    /// <param name="folder">The folder of runs; made where it does not exist.</param>
    /// <returns>What to dispose of at the end.</returns>
    /// <exception cref="BadInputException">Another server or silos use the folder, or it cannot be written.</exception>
    public static IDisposable TakeAlone(string folder) => Take(folder, FileAccess.ReadWrite, FileShare.None, () => IsShared(folder)
        ? "a folder that no other server uses; silos of a cluster run on this one: submit to them, or stop them first"
        : "a folder that no other server uses; a `serve` runs on this one: submit to it, or stop it first");

    /// <summary>Takes the folder as one of the silos of a cluster.</summary>
    /// <param name="folder">The folder of runs; made where it does not exist.</param>
    /// <returns>What to dispose of at the end.</returns>
    /// <exception cref="BadInputException">A server has the folder to itself, or it cannot be written.</exception>
    public static IDisposable TakeShared(string folder) => Take(
        folder, FileAccess.Read, FileShare.ReadWrite,
        () => "a folder that no other server uses; a `serve` runs on this one: submit to it, or stop it first");

    /// <summary>Whether a server or a silo of this machine uses a folder now.</summary>
    /// <param name="folder">The folder of runs; it need not exist.</param>
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
            throw new BadInputException("--runs", null, folder, $"a folder that can be written to ({fault.Message})", fault);
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
