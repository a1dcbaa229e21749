using System.Collections.Concurrent;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Silo.Standalone;

/// <summary>
/// The runs of a silo that stands alone: a file <c>cluster.json</c> in each run's folder, replaced whole, so that a reader sees the old
/// content or the new. Writers of this machine take turns under a lock file in the folder of runs.
/// </summary>
/// <param name="runs">The folder of runs; it need not exist yet.</param>
/// <param name="fileName">The file in each folder; another one for what is no run.</param>
public sealed class FileRunStore(string runs, string fileName = FileRunStore.RunsFile) : IRunStore
{
    /// <summary>The file of runs.</summary>
    public const string RunsFile = "cluster.json";

    /// <summary>The file of sweeps.</summary>
    public const string SweepsFile = "cluster-sweep.json";

    private readonly string _runs = Path.GetFullPath(runs);

    // When the files of runs that have ended were written.
    private readonly ConcurrentDictionary<string, DateTime> _ended = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id cannot be the name of a run's folder.</exception>
    public async Task<bool> AddAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockAsync(cancellation))
        {
            if (File.Exists(path)) return false;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Write(path, run with { Version = 0 });
            return true;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="BadInputException">The run's file is damaged.</exception>
    public Task<StoredRun?> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(RunNames.IsName(id) ? Read(PathOf(id)) : null);

    /// <inheritdoc/>
    /// <remarks>A run whose file is damaged is listed as failed, with the reason: it must not hide the others, nor be hidden.</remarks>
    public Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_runs)) return Task.FromResult<IReadOnlyList<StoredRun>>([]);
        StoredRun[] found =
        [
            .. Directory.EnumerateDirectories(_runs)
                .Select(folder => Path.GetFileName(folder))
                .Where(RunNames.IsName)
                .Select(ReadOrDescribe)
                .OfType<StoredRun>()
                .OrderByDescending(run => run.Submitted).ThenByDescending(run => run.Id, StringComparer.Ordinal),
        ];
        return Task.FromResult<IReadOnlyList<StoredRun>>(found);
    }

    /// <inheritdoc/>
    /// <remarks>A run that has ended is not read again while its file stays as it was.</remarks>
    public Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_runs)) return Task.FromResult<IReadOnlyList<string>>([]);
        var active = new List<StoredRun>();
        foreach (string folder in Directory.EnumerateDirectories(_runs))
        {
            string id = Path.GetFileName(folder);
            if (!RunNames.IsName(id)) continue;
            DateTime written = File.GetLastWriteTimeUtc(PathOf(id));
            if (_ended.TryGetValue(id, out DateTime known) && known == written) continue;
            if (ReadOrDescribe(id) is not { } run) continue;
            if (run.State.IsInProgress()) active.Add(run);
            else if (DateTime.UtcNow - written > TimeSpan.FromSeconds(2)) _ended[id] = written; // a younger file may change within its clock's tick
        }

        return Task.FromResult<IReadOnlyList<string>>(
            [.. active.OrderByDescending(run => run.Submitted).ThenByDescending(run => run.Id, StringComparer.Ordinal).Select(run => run.Id)]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id cannot be the name of a run's folder.</exception>
    /// <exception cref="BadInputException">The run's file is damaged.</exception>
    public async Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockAsync(cancellation))
        {
            if (Read(path) is not { } stored || stored.Version != run.Version) return null;
            StoredRun changed = run with { Version = run.Version + 1 };
            Write(path, changed);
            return changed;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id cannot be the name of a run's folder.</exception>
    /// <exception cref="BadInputException">The run's file is damaged.</exception>
    public async Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockAsync(cancellation))
        {
            if (Read(path) is not { } stored || stored.Version != run.Version) return false;
            File.Delete(path);
            return true;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id cannot be the name of a run's folder.</exception>
    public IGenerations Generations(string id) => new GenerationFile(new RunFolder(Path.GetDirectoryName(PathOf(id))!).GenerationsPath);

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using (await LockAsync(cancellation)) return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"the folder of runs cannot be written: {fault.Message}".ReplaceLineEndings(" ");
        }
    }

    private static StoredRun? Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            StoredRun? run = JsonSerializer.Deserialize<StoredRun>(text, ApiJson.Options);
            if (run is not null && run.Id == IdOf(path)) return run;
        }
        catch (JsonException fault)
        {
            throw Damaged(path, fault);
        }

        throw Damaged(path, null);
    }

    private static BadInputException Damaged(string path, Exception? fault) =>
        new(path, null, null, $"does not hold what is known of run {IdOf(path)}; restore the file, or move the run's folder away", fault);

    private static string IdOf(string path) => Path.GetFileName(Path.GetDirectoryName(path)!);

    private static void Write(string path, StoredRun run) => DurableFile.Replace(path, JsonSerializer.Serialize(run, ApiJson.Options));

    private StoredRun? ReadOrDescribe(string id)
    {
        string path = PathOf(id);
        try
        {
            return Read(path);
        }
        catch (BadInputException fault)
        {
            // No version that a change could name.
            return new StoredRun
            {
                Id = id,
                Submitted = File.GetLastWriteTimeUtc(path),
                Workers = 1,
                State = RunState.Failed,
                Error = fault.Message,
                Version = -1,
            };
        }
    }

    private string PathOf(string id) => RunNames.IsName(id)
        ? Path.Combine(_runs, id, fileName)
        : throw new ArgumentException($"'{id}' is no name of a run", nameof(id));

    private Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_runs);
        return LockFile.TakeAsync(Path.Combine(_runs, ".cluster.lock"), cancellation);
    }
}
