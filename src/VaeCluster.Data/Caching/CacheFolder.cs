using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VaeCluster.Core;

namespace VaeCluster.Data.Caching;

/// <summary>
/// A cache of files derived from others: unpacked arrays and decoded images. A JSON file next to each records its source, length and
/// hash; a cached file that does not match is made again. Safe for several processes at once: each writes its own temporary file, and
/// the last to finish renames it.
/// </summary>
/// <param name="path">The folder; created on the first write.</param>
internal sealed class CacheFolder(string path)
{
    private const string Variable = "VAECLUSTER_CACHE";
    private const string PartMark = ".part-";
    private const long Spare = 64L << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The user's cache: VAECLUSTER_CACHE, or else <c>vaecluster</c> in the system's cache folder.</summary>
    internal static CacheFolder OfUser() => new(UserPath());

    /// <summary>The folder.</summary>
    internal string Path { get; } = path;

    /// <summary>A cached file and its note, or null if it is not cached.</summary>
    /// <param name="key">See <see cref="GetOrMake"/>.</param>
    internal (string Path, string Note)? Find(string key)
    {
        (string file, string description) = Names(key);
        return Find(file, description) is { } known ? (file, known.Note) : null;
    }

    /// <summary>The path of a cached file, which is made now if it is not cached.</summary>
    /// <param name="key">Everything that the file's content depends on.</param>
    /// <param name="source">What it is made from, in words, for people who look into the folder.</param>
    /// <param name="length">Its length in bytes, checked against the free disk space; null if unknown.</param>
    /// <param name="make">Writes the file and returns a note to keep with it.</param>
    /// <returns>The file and its note.</returns>
    /// <exception cref="BadInputException">The folder cannot be written, or the disk is full.</exception>
    internal (string Path, string Note) GetOrMake(string key, string source, long? length, Func<Stream, string> make)
    {
        (string file, string description) = Names(key);
        if (Find(file, description) is { } known) return (file, known.Note);
        try
        {
            Directory.CreateDirectory(Path);
            RemoveLeftovers();
            CheckFreeSpace(length);
            string part = file + PartMark + Guid.NewGuid().ToString("N");
            try
            {
                CachedFile made = Make(part, source, make);
                string descriptionPart = description + PartMark + Guid.NewGuid().ToString("N");
                File.WriteAllText(descriptionPart, JsonSerializer.Serialize(made, Json));
                File.Move(part, file, overwrite: true);
                File.Move(descriptionPart, description, overwrite: true);
                return (file, made.Note);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                Path, null, null, $"cannot unpack {source} here ({fault.Message.TrimEnd('.')}); set {Variable} to use another folder",
                fault);
        }
    }

    private (string File, string Description) Names(string key)
    {
        string name = System.IO.Path.Combine(Path, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]);
        return (name + ".bin", name + ".json");
    }

    private static CachedFile Make(string part, string source, Func<Stream, string> make)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new HashingStream(File.Create(part), sha);
        string note = make(stream);
        stream.Flush();
        return new CachedFile(source, stream.Written, Convert.ToHexStringLower(sha.GetHashAndReset()), note);
    }

    // Checking the length detects truncated files; hashing gigabytes at every start would take longer than making them.
    private static CachedFile? Find(string file, string description)
    {
        try
        {
            if (!File.Exists(file) || !File.Exists(description)) return null;
            CachedFile? known = JsonSerializer.Deserialize<CachedFile>(File.ReadAllText(description), Json);
            return known is not null && new FileInfo(file).Length == known.Length ? known : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // damaged: make it again
        }
    }

    // A killed process leaves its temporary file behind.
    private void RemoveLeftovers()
    {
        DateTime dayAgo = DateTime.UtcNow.AddDays(-1);
        foreach (string part in Directory.EnumerateFiles(Path, $"*{PartMark}*"))
        {
            if (File.GetLastWriteTimeUtc(part) < dayAgo) File.Delete(part);
        }
    }

    private void CheckFreeSpace(long? length)
    {
        if (length is not { } needed) return;
        long free = new DriveInfo(System.IO.Path.GetFullPath(Path)).AvailableFreeSpace;
        if (free < needed + Spare)
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"needs {needed >> 20} MB, but only {free >> 20} MB are free"));
    }

    private static string UserPath()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder) return System.IO.Path.GetFullPath(folder);
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home)
            return System.IO.Path.Combine(home, "vaecluster");
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (user.Length == 0) return System.IO.Path.Combine(System.IO.Path.GetTempPath(), "vaecluster");
        if (OperatingSystem.IsMacOS()) return System.IO.Path.Combine(user, "Library", "Caches", "vaecluster");
        return OperatingSystem.IsWindows()
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "VaeCluster", "cache")
            : System.IO.Path.Combine(user, ".cache", "vaecluster");
    }
}

/// <summary>The description of a cached file.</summary>
/// <param name="Source">What it was made from, in words.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256, as 64 lower-case hexadecimal digits.</param>
/// <param name="Note">A note of the code that made it, returned with the file.</param>
internal sealed record CachedFile(string Source, long Length, string Sha256, string Note);
