using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VaeCluster.Core;

namespace VaeCluster.Data.Caching;

/// <summary>
/// Files that were made from others and are kept for the next time: unpacked arrays, decoded pictures. Each has a description beside it
/// that says what it was made from and what it must be; one that does not fit is made again. Safe from several processes at once: each
/// writes a file of its own, and the last to finish gives it its name.
/// </summary>
/// <param name="path">The folder; it is created when something is written.</param>
internal sealed class CacheFolder(string path)
{
    private const string Variable = "VAECLUSTER_CACHE";
    private const string PartMark = ".part-";
    private const long Spare = 64L << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The user's: what VAECLUSTER_CACHE names, else <c>vaecluster</c> in the system's folder for caches.</summary>
    internal static CacheFolder OfUser() => new(UserPath());

    /// <summary>The folder.</summary>
    internal string Path { get; } = path;

    /// <summary>A cached file that is there already, and what its maker said of it; null: there is none.</summary>
    /// <param name="key">See <see cref="GetOrMake"/>.</param>
    internal (string Path, string Note)? Find(string key)
    {
        (string file, string description) = Names(key);
        return Find(file, description) is { } known ? (file, known.Note) : null;
    }

    /// <summary>The path of a cached file, made now where there is none.</summary>
    /// <param name="key">What the file depends on: everything that, when it changes, asks for another file.</param>
    /// <param name="source">What it is made from, in words, for whoever looks into the folder.</param>
    /// <param name="length">Its length in bytes, all of which are made sure to fit on the disk; null: it is not known yet.</param>
    /// <param name="make">Writes it, and returns what the maker wants to know of it the next time.</param>
    /// <returns>The file, and what the maker said of it.</returns>
    /// <exception cref="BadInputException">The folder cannot be written, or has no room.</exception>
    internal (string Path, string Note) GetOrMake(string key, string source, long? length, Func<Stream, string> make)
    {
        (string file, string description) = Names(key);
        if (Find(file, description) is { } known) return (file, known.Note);
        try
        {
            Directory.CreateDirectory(Path);
            RemoveLeftovers();
            DemandRoom(length);
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
                Path, null, null, $"{source} cannot be unpacked here ({fault.Message.TrimEnd('.')}); {Variable} names another folder", fault);
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

    // The length tells a file that a full disk or another program has cut; hashing gigabytes at every start would cost more than making them.
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
            return null; // damaged: it is made again
        }
    }

    // A process that was killed leaves its part behind.
    private void RemoveLeftovers()
    {
        DateTime dayAgo = DateTime.UtcNow.AddDays(-1);
        foreach (string part in Directory.EnumerateFiles(Path, $"*{PartMark}*"))
        {
            if (File.GetLastWriteTimeUtc(part) < dayAgo) File.Delete(part);
        }
    }

    private void DemandRoom(long? length)
    {
        if (length is not { } needed) return;
        long free = new DriveInfo(System.IO.Path.GetFullPath(Path)).AvailableFreeSpace;
        if (free < needed + Spare)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{needed >> 20} MB are needed, {free >> 20} MB are free"));
    }

    private static string UserPath()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told) return System.IO.Path.GetFullPath(told);
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
