using System.Security.Cryptography;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// The keys that runs and sweeps were submitted with, see <see cref="RunSubmission.Key"/>, each in a file of its folder, next to a hash of
/// what was submitted. Runs and sweeps share them, so a key never stands for both a run and a sweep.
/// </summary>
public static class SubmissionKeys
{
    private const string FileName = "submission.key", HashName = "submission.sha256";

    /// <summary>A hash of what a submission asks for, whatever its key and the names of its files are.</summary>
    /// <param name="run">The submission.</param>
    public static string HashOf(RunSubmission run) => HashOf<RunSubmission>(run with { Key = null, FileName = null });

    /// <summary>A hash of what a submission asks for, whatever its key and the names of its files are.</summary>
    /// <param name="sweep">The submission.</param>
    public static string HashOf(SweepSubmission sweep) =>
        HashOf<SweepSubmission>(sweep with { Key = null, FileName = null, BaseFileName = null });

    /// <summary>Writes the key of a new run or sweep.</summary>
    /// <param name="folder">Its folder, before it is visible to others.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="hash">The hash of what was submitted.</param>
    public static void Write(string folder, string? key, string hash)
    {
        if (key is null) return;
        DurableFile.Replace(Path.Combine(folder, HashName), hash);
        DurableFile.Replace(Path.Combine(folder, FileName), key);
    }

    /// <summary>The key of a run or sweep; null if it has none.</summary>
    /// <param name="folder">Its folder.</param>
    public static string? Read(string folder) => ReadOrNull(Path.Combine(folder, FileName));

    /// <summary>Checks that a submission with a known key is the one that the key belongs to.</summary>
    /// <param name="folder">The folder of the run or sweep with this key.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">The hash of what is submitted now.</param>
    /// <exception cref="RunRefusedException">Something else was submitted with this key.</exception>
    public static void DemandSame(string folder, string key, string hash)
    {
        // Earlier releases stored no hash.
        if (ReadOrNull(Path.Combine(folder, HashName)) is not { } first || first.Trim() == hash) return;
        throw Taken(key, $"a different key; {Path.GetFileName(folder)} was submitted with this one, from other content");
    }

    /// <summary>Finds the newest run or sweep with a key; null if there is none.</summary>
    /// <param name="runs">The folder of runs.</param>
    /// <param name="key">The key; null finds nothing.</param>
    /// <param name="isWanted">Whether a folder is of the wanted kind, run or sweep.</param>
    /// <exception cref="RunRefusedException">The key belongs to the other kind.</exception>
    public static string? Find(string runs, string? key, Func<string, bool> isWanted)
    {
        if (key is null || !Directory.Exists(runs)) return null;
        string? folder = Directory.EnumerateDirectories(runs)
            .Where(name => RunNames.IsName(Path.GetFileName(name)))
            .OrderByDescending(name => RunNames.NumberOf(Path.GetFileName(name))).ThenByDescending(name => name, StringComparer.Ordinal)
            .FirstOrDefault(name => Read(name) == key);
        if (folder is null) return null;
        string id = Path.GetFileName(folder);
        if (isWanted(folder)) return id;
        throw Taken(key, $"a different key; {id} was submitted with this one, and a key cannot stand for both a run and a sweep");
    }

    private static RunRefusedException Taken(string key, string allowed) =>
        new(RunRefusal.Conflict, new BadInputException("request", "key", key, allowed));

    private static string HashOf<T>(T submission) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(submission, ApiJson.Options)));

    private static string? ReadOrNull(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
