using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// The keys that runs and sweeps were submitted with, see <see cref="RunSubmission.Key"/>, each in a file of its folder. Runs and sweeps
/// share them, so a key never stands for both a run and a sweep.
/// </summary>
public static class SubmissionKeys
{
    private const string FileName = "submission.key";

    /// <summary>Writes the key of a new run or sweep.</summary>
    /// <param name="folder">Its folder, before it is visible to others.</param>
    /// <param name="key">The key; null for none.</param>
    public static void Write(string folder, string? key)
    {
        if (key is not null) DurableFile.Replace(Path.Combine(folder, FileName), key);
    }

    /// <summary>The key of a run or sweep; null if it has none.</summary>
    /// <param name="folder">Its folder.</param>
    public static string? Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>Finds the newest run or sweep with a key; null if there is none.</summary>
    /// <param name="runs">The folder of runs.</param>
    /// <param name="key">The key; null finds nothing.</param>
    /// <param name="isWanted">Whether a folder is of the wanted kind, run or sweep.</param>
    /// <exception cref="RunRefusedException">The key belongs to the other kind.</exception>
    public static string? Find(string runs, string? key, Func<string, bool> isWanted)
    {
        if (key is null) return null;
        string? folder = Directory.EnumerateDirectories(runs)
            .Where(name => RunNames.IsName(Path.GetFileName(name)))
            .OrderByDescending(name => RunNames.NumberOf(Path.GetFileName(name))).ThenByDescending(name => name, StringComparer.Ordinal)
            .FirstOrDefault(name => Read(name) == key);
        if (folder is null) return null;
        string id = Path.GetFileName(folder);
        if (isWanted(folder)) return id;
        string allowed = $"a different key; {id} was submitted with this one, and a key cannot stand for both a run and a sweep";
        throw new RunRefusedException(RunRefusal.Conflict, new BadInputException("request", "key", key, allowed));
    }
}
