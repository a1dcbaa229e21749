using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// The words that runs and sweeps were submitted with, see <see cref="RunSubmission.Key"/>: a file in the folder of each. A word means one
/// of them, so that a sweep is never taken for a run.
/// </summary>
public static class SubmissionKeys
{
    private const string FileName = "submission.key";

    /// <summary>Writes the word of a new run or sweep.</summary>
    /// <param name="folder">Its folder, before anybody sees it.</param>
    /// <param name="key">The word; null: it has none.</param>
    public static void Write(string folder, string? key)
    {
        if (key is not null) File.WriteAllText(Path.Combine(folder, FileName), key);
    }

    /// <summary>The word of a run or sweep; null: it has none.</summary>
    /// <param name="folder">Its folder.</param>
    public static string? Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>The newest run or sweep of a word; null: there is none.</summary>
    /// <param name="runs">The folder of runs.</param>
    /// <param name="key">The word; null: none is looked for.</param>
    /// <param name="isWanted">Whether a folder holds what the word shall mean.</param>
    /// <exception cref="RunRefusedException">The word means something else.</exception>
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
        string allowed = $"a word of its own; {id} was submitted with this one, and a run is no sweep";
        throw new RunRefusedException(RunRefusal.Conflict, new BadInputException("request", "key", key, allowed));
    }
}
