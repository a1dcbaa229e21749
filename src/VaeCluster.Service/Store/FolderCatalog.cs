using VaeCluster.Service.Runs;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The numbered folders of all runs, or of all sweeps, in the folder of runs.</summary>
/// <typeparam name="T">Access to the files of one folder.</typeparam>
/// <param name="folder">The folder of runs; runs and sweeps share its numbers.</param>
public abstract class FolderCatalog<T>(string folder)
    where T : class
{
    /// <summary>The folder of runs, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(folder);

    /// <summary>Ids from the newest to the oldest.</summary>
    public IReadOnlyList<string> Ids() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateDirectories(Path).Select(path => System.IO.Path.GetFileName(path))
            .Where(id => RunNames.IsName(id) && Open(PathOf(id)) is not null)
            .OrderByDescending(id => RunNames.NumberOf(id)).ThenByDescending(id => id, StringComparer.Ordinal),
    ];

    /// <summary>The files of a run or sweep. An id is never used as a path.</summary>
    /// <param name="id">Any text.</param>
    /// <exception cref="RunRefusedException">The id is unknown.</exception>
    public T Find(string id) => (RunNames.IsName(id) ? Open(PathOf(id)) : null) ?? throw NoSuch(id);

    /// <summary>The newest one that was submitted with a key; null if there is none.</summary>
    /// <param name="key">See <see cref="RunSubmission.Key"/>; null finds nothing.</param>
    /// <exception cref="RunRefusedException">The key belongs to a sweep instead of a run, or the reverse.</exception>
    public string? WithKey(string? key) => SubmissionKeys.Find(Path, key, path => Open(path) is not null);

    /// <summary>Those whose keys begin with a prefix, newest first.</summary>
    /// <param name="prefix">Such as <c>004-beta-latent/</c>: the trials of a sweep.</param>
    public IReadOnlyList<string> WithKeysUnder(string prefix) =>
        [.. Ids().Where(id => SubmissionKeys.Read(PathOf(id))?.StartsWith(prefix, StringComparison.Ordinal) == true)];

    /// <summary>The state of a run or sweep: the stored one, or if the store does not know it, the one that its files imply.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stored">The stored state; null if there is none.</param>
    /// <returns>The state, with version −1 if it is not in the store and so cannot be changed there.</returns>
    /// <exception cref="RunRefusedException">The id is unknown.</exception>
    public abstract StoredRun StateOf(string id, StoredRun? stored);

    /// <summary>The files in a folder; null if it is not a folder of this kind.</summary>
    /// <param name="path">The folder.</param>
    protected abstract T? Open(string path);

    /// <summary>The error for an unknown id.</summary>
    /// <param name="id">The id.</param>
    protected abstract RunRefusedException NoSuch(string id);

    /// <summary>Creates a folder atomically: a crash leaves no partial folder, and two processes never share one.</summary>
    /// <param name="name">The name of what it holds.</param>
    /// <param name="key">See <see cref="RunSubmission.Key"/>.</param>
    /// <param name="fill">Writes the files into the given folder.</param>
    protected T Add(string name, string? key, Action<string> fill)
    {
        string part = System.IO.Path.Combine(Path, $".new-{Guid.NewGuid():N}");
        Directory.CreateDirectory(part);
        try
        {
            fill(part);
            SubmissionKeys.Write(part, key);
            while (true)
            {
                string target = PathOf(RunNames.Next(Path, name));
                try
                {
                    Directory.Move(part, target);

                    // Announced only once it outlives a crash of the machine; what is in it was flushed when it was written.
                    DurableFile.FlushFolder(Path);
                    return Open(target)!;
                }
                catch (IOException) when (Directory.Exists(target))
                {
                    // A `train` next to the server took the number; try the next one.
                }
            }
        }
        catch
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            throw;
        }
    }

    private string PathOf(string id) => System.IO.Path.Combine(Path, id);
}
