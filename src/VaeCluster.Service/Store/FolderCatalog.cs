using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The numbered folders of one kind, runs or sweeps, in the folder of runs.</summary>
/// <typeparam name="T">The files of one.</typeparam>
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

    /// <summary>The files of one. An id is never taken for a path.</summary>
    /// <param name="id">Any text.</param>
    /// <exception cref="RunRefusedException">There is none of this id.</exception>
    public T Find(string id) => (RunNames.IsName(id) ? Open(PathOf(id)) : null) ?? throw NoSuch(id);

    /// <summary>The newest one that was submitted with a key; null: there is none.</summary>
    /// <param name="key">See <see cref="RunSubmission.Key"/>; null: none is looked for.</param>
    /// <exception cref="RunRefusedException">It is the key of something of the other kind.</exception>
    public string? WithKey(string? key) => SubmissionKeys.Find(Path, key, path => Open(path) is not null);

    /// <summary>Those whose keys begin with a text, the newest first.</summary>
    /// <param name="prefix">Such as <c>004-beta-latent/</c>: the trials of a sweep.</param>
    public IReadOnlyList<string> WithKeysUnder(string prefix) =>
        [.. Ids().Where(id => SubmissionKeys.Read(PathOf(id))?.StartsWith(prefix, StringComparison.Ordinal) == true)];

    /// <summary>Where one stands: as the store says, or, where the store does not know it, as its files tell.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stored">What the store says; null: nothing.</param>
    /// <returns>With the version −1 where the store has nothing that could be changed.</returns>
    /// <exception cref="RunRefusedException">There is none of this id.</exception>
    public abstract StoredRun StateOf(string id, StoredRun? stored);

    /// <summary>The files in a folder; null: it holds none of this kind.</summary>
    /// <param name="path">The folder.</param>
    protected abstract T? Open(string path);

    /// <summary>What is said where there is none of an id.</summary>
    /// <param name="id">The id.</param>
    protected abstract RunRefusedException NoSuch(string id);

    /// <summary>Makes a folder, whole at once: a crash leaves no half of one, and two processes never share one.</summary>
    /// <param name="name">The name of what it holds.</param>
    /// <param name="key">See <see cref="RunSubmission.Key"/>.</param>
    /// <param name="fill">Writes its files; told the folder that they are written in.</param>
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
                    return Open(target)!;
                }
                catch (IOException) when (Directory.Exists(target))
                {
                    // A `train` beside the server took the number; the next one is free.
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
