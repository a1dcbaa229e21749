using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Training.Checkpoints;

/// <summary>Writing that survives a crash of the machine: data flushed before names, names by rename.</summary>
public static class DurableFile
{
    /// <summary>Writes a file through a temporary one beside it, so that a reader sees the old content or the new.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content.</param>
    public static void Replace(string path, string text)
    {
        // Two silos may write the same file for a moment, until one of them knows that it is no longer in charge.
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            RemoveLeftovers(path);
        }
        catch (IOException)
        {
            // A full disk must not keep what could not be finished.
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    // What writers that were killed have left, of an age that no writing has.
    private static void RemoveLeftovers(string path)
    {
        foreach (string leftover in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*.tmp"))
            if (File.GetLastWriteTimeUtc(leftover) < DateTime.UtcNow - TimeSpan.FromHours(1)) File.Delete(leftover);
    }

    /// <summary>Writes a new file and flushes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <returns>SHA-256 of the content, in lower-case hexadecimal.</returns>
    public static string Write(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hashed = new HashedStream(file);
        write(hashed);
        file.Flush(flushToDisk: true);
        return hashed.Sha256();
    }

    /// <summary>SHA-256 of a file, in lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    public static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Makes the names in a folder durable. Windows does so by itself and cannot be asked to.</summary>
    /// <param name="path">The folder.</param>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = OpenFolder(path);
        if (!handle.IsInvalid) _ = FSync(handle);
    }

    private static SafeFileHandle OpenFolder(string path)
    {
        const int ReadOnly = 0;
        return new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(SafeFileHandle handle);
}
