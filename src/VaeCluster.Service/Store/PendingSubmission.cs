using System.Text.Json;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Files;

namespace VaeCluster.Service.Store;

/// <summary>
/// The state of a new run or sweep, in a file of its folder until the store has it. If the host dies in between, the next one finds it.
/// </summary>
internal static class PendingSubmission
{
    private const string FileName = "submission.pending";

    /// <summary>Writes the state.</summary>
    /// <param name="folder">The folder, before it is visible to others.</param>
    /// <param name="run">The state; its id is not known yet.</param>
    internal static void Write(string folder, StoredRun run) =>
        DurableFile.Replace(Path.Combine(folder, FileName), JsonSerializer.Serialize(run, ApiJson.Options));

    /// <summary>Reads the state; null if there is none, or if it cannot be read.</summary>
    /// <param name="folder">The folder.</param>
    internal static StoredRun? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredRun>(File.ReadAllText(Path.Combine(folder, FileName)), ApiJson.Options);
        }
        catch (Exception fault) when (fault is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes the state, once the store has it.</summary>
    /// <param name="folder">The folder.</param>
    internal static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
