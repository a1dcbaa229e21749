using System.Text.Json;
using System.Text.Json.Nodes;
using VaeCluster.Service.Runs;
using VaeCluster.Sweeps.Running;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// States written by releases before all hosts used <see cref="FileRunStore"/>: <c>server.json</c> by the server, <c>cluster.json</c> or
/// <c>cluster-sweep.json</c> by silos. If a folder has both, the newer one counts.
/// </summary>
internal static class LegacyStates
{
    private const string Server = "server.json", Run = "cluster.json", Sweep = "cluster-sweep.json";

    /// <summary>The state in the old files of a folder; null if there is none, or if it cannot be read.</summary>
    /// <param name="folder">The folder of a run or a sweep.</param>
    /// <param name="isSweep">Whether the folder belongs to a sweep.</param>
    internal static StoredRun? Read(string folder, bool isSweep) =>
        FilesOf(folder, isSweep).OrderByDescending(File.GetLastWriteTimeUtc).Select(Parse).FirstOrDefault(state => state is not null);

    /// <summary>When the old files were last written.</summary>
    /// <param name="folder">The folder of a run or a sweep.</param>
    /// <param name="isSweep">Whether the folder belongs to a sweep.</param>
    internal static DateTime LastWritten(string folder, bool isSweep) =>
        FilesOf(folder, isSweep).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();

    /// <summary>Removes the old files, once their state is in the new one.</summary>
    /// <param name="folder">The folder of a run or a sweep.</param>
    /// <param name="isSweep">Whether the folder belongs to a sweep.</param>
    internal static void Remove(string folder, bool isSweep)
    {
        foreach (string file in FilesOf(folder, isSweep)) File.Delete(file);
    }

    // The server used the same file name for runs and sweeps; the folder's content tells which it is.
    private static IEnumerable<string> FilesOf(string folder, bool isSweep)
    {
        string own = Path.Combine(folder, isSweep ? Sweep : Run), server = Path.Combine(folder, Server);
        if (File.Exists(own)) yield return own;
        if (File.Exists(server) && (isSweep ? new SweepFolder(folder).Exists : new RunFolder(folder).Exists)) yield return server;
    }

    private static StoredRun? Parse(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is not JsonObject state) return null;
            state["id"] = Path.GetFileName(Path.GetDirectoryName(path)!);
            state.TryAdd("workers", 1);
            return state.Deserialize<StoredRun>(ApiJson.Options);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FileNotFoundException
            or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
