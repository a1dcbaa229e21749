using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace VaeCluster.Training.Files;

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
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep what could not be finished.
            File.Delete(temporary);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Puts a file in the place of another one: whoever still has that open writes where nobody looks. Several processes may do so at once.
    /// </summary>
    /// <param name="path">The place.</param>
    /// <param name="write">Writes the new file; told its path, which is nobody else's.</param>
    /// <param name="demand">Throws where the caller is no longer in charge; asked at the last moment.</param>
    public static void PutInPlace(string path, Action<string> write, Action demand)
    {
        string copy = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            write(copy);
            demand();
            File.Move(copy, path, overwrite: true);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Copies a file to be changed and put in its place; of one that is missing the copy is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="copy">The copy; it must not exist.</param>
    public static void CopyOrMake(string path, string copy)
    {
        if (File.Exists(path)) File.Copy(path, copy);
        else File.Create(copy).Dispose();
    }

    /// <summary>The length of the file that is in a place, in bytes; −1: there is none.</summary>
    /// <param name="path">The place.</param>
    public static long LengthAt(string path)
    {
        var there = new FileInfo(path);
        return there.Exists ? there.Length : -1;
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
