using System.Collections.Concurrent;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// The store of a machine without a database: a file in the folder of each run or sweep. Files are replaced atomically, so a reader sees
/// either the old content or the new. A lock file in the folder of runs serialises the writers of this machine. States written by earlier
/// releases are read, and converted at the first change.
/// </summary>
/// <param name="runs">The folder of runs, which need not exist yet.</param>
/// <param name="fileName">The name of the file in each folder: <see cref="RunsFile"/> or <see cref="SweepsFile"/>.</param>
public sealed class FileRunStore(string runs, string fileName = FileRunStore.RunsFile) : IRunStore
{
    /// <summary>The name of a run's file.</summary>
    public const string RunsFile = "run-state.json";

    /// <summary>The name of a sweep's file.</summary>
    public const string SweepsFile = "sweep-state.json";

    // A file younger than this may change again without a change of its time stamp.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly string _runs = Path.GetFullPath(runs);
    private readonly bool _isSweeps = fileName == SweepsFile;

    // Runs that have ended, with the time their file was written: a cache, since silos and pages list all runs all the time.
    private readonly ConcurrentDictionary<string, (DateTime Written, StoredRun Run)> _ended = new(StringComparer.Ordinal);

    /// <summary>The state that a host wrote into the folder of a run or sweep.</summary>
    /// <param name="folder">The folder of one run or sweep.</param>
    /// <returns>The state; null if no host wrote one, or if it cannot be read.</returns>
    public static StoredRun? StateIn(string folder)
    {
        string path = Path.GetFullPath(folder);
        string? runs = Path.GetDirectoryName(path);
        if (runs is null) return null;
        try
        {
            return new FileRunStore(runs).Read(Path.Combine(path, RunsFile)) ?? new FileRunStore(runs, SweepsFile)
                .Read(Path.Combine(path, SweepsFile));
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not a valid name of a run's folder.</exception>
    public async Task<bool> AddAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockFilesAsync(cancellation))
        {
            if (Read(path) is not null) return false;
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
    /// <remarks>
    /// A run whose file is damaged is listed as failed, with the reason, so that it neither hides the others nor disappears itself.
    /// </remarks>
    public Task<IReadOnlyList<StoredRun>> ListAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_runs)) return Task.FromResult<IReadOnlyList<StoredRun>>([]);
        StoredRun[] found =
        [
            .. Directory.EnumerateDirectories(_runs)
                .Select(folder => Path.GetFileName(folder))
                .Where(RunNames.IsName)
                .Select(ReadOrRemember)
                .OfType<StoredRun>()
                .OrderByDescending(run => run.Submitted).ThenByDescending(run => run.Id, StringComparer.Ordinal),
        ];
        return Task.FromResult<IReadOnlyList<StoredRun>>(found);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListActiveAsync(CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Where(run => run.State.IsInProgress()).Select(run => run.Id)];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not a valid name of a run's folder.</exception>
    /// <exception cref="BadInputException">The run's file is damaged.</exception>
    public async Task<StoredRun?> ChangeAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockFilesAsync(cancellation))
        {
            if (Read(path) is not { } stored || stored.Version != run.Version) return null;
            StoredRun changed = run with { Version = run.Version + 1 };
            Write(path, changed);
            return changed;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not a valid name of a run's folder.</exception>
    /// <exception cref="BadInputException">The run's file is damaged.</exception>
    public async Task<bool> RemoveAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockFilesAsync(cancellation))
        {
            if (Read(path) is not { } stored || stored.Version != run.Version) return false;
            File.Delete(path);
            LegacyStates.Remove(Path.GetDirectoryName(path)!, _isSweeps);
            return true;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not a valid name of a run's folder.</exception>
    public async Task<StoredRun?> RestoreAsync(StoredRun run, CancellationToken cancellation)
    {
        string path = PathOf(run.Id);
        using (await LockFilesAsync(cancellation))
        {
            try
            {
                return Read(path);
            }
            catch (BadInputException)
            {
                StoredRun restored = run with { Version = run.Version + 1 };
                Write(path, restored);
                return restored;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> LockAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_runs);
        string path = Path.Combine(_runs, ".submit.lock");
        try
        {
            return await LockFile.TakeAsync(path, cancellation);
        }
        catch (IOException fault) when (!FullDisk.Is(fault) && File.Exists(path))
        {
            throw new RunRefusedException(RunRefusal.Busy,
                new BadInputException("server", null, null, "others have been adding or deleting runs for too long; try again", fault));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not a valid name of a run's folder.</exception>
    public IGenerations Generations(string id) => new GenerationFile(new RunFolder(Path.GetDirectoryName(PathOf(id))!).GenerationsPath);

    /// <inheritdoc/>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using (await LockFilesAsync(cancellation)) return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"the folder of runs is not writable: {fault.Message}".ReplaceLineEndings(" ");
        }
    }

    private StoredRun? Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return LegacyStates.Read(Path.GetDirectoryName(path)!, _isSweeps);
        }
        catch (UnauthorizedAccessException fault) when (Directory.Exists(path))
        {
            throw Damaged(path, fault);
        }

        try
        {
            StoredRun? run = JsonSerializer.Deserialize<StoredRun>(text, ApiJson.Options);
            if (run is not null && run.Id == IdOf(path)) return run;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw Damaged(path, fault);
        }

        throw Damaged(path, null);
    }

    private static BadInputException Damaged(string path, Exception? fault) =>
        new(path, null, null, $"the state of run {IdOf(path)} is damaged; restore the file, or move the run's folder away", fault);

    private static string IdOf(string path) => Path.GetFileName(Path.GetDirectoryName(path)!);

    private void Write(string path, StoredRun run)
    {
        DurableFile.Replace(path, JsonSerializer.Serialize(run, ApiJson.Options));
        LegacyStates.Remove(Path.GetDirectoryName(path)!, _isSweeps);
    }

    private StoredRun? ReadOrRemember(string id)
    {
        string path = PathOf(id);
        DateTime written = File.Exists(path)
            ? File.GetLastWriteTimeUtc(path)
            : LegacyStates.LastWritten(Path.GetDirectoryName(path)!, _isSweeps);
        if (written == default) return null;
        if (_ended.TryGetValue(id, out (DateTime Written, StoredRun Run) known) && known.Written == written) return known.Run;
        StoredRun? run = ReadOrDescribe(id);
        if (run is not null && !run.State.IsInProgress() && DateTime.UtcNow - written > Settled) _ended[id] = (written, run);
        return run;
    }

    private StoredRun? ReadOrDescribe(string id)
    {
        string path = PathOf(id);
        try
        {
            return Read(path);
        }
        catch (BadInputException fault)
        {
            // Without a version, it cannot be changed.
            return new StoredRun
            {
                Id = id,
                Submitted = File.GetLastWriteTimeUtc(path),
                Workers = 1,
                State = RunState.Failed,
                Error = fault.Message,
                Version = StoredRun.NotStored,
            };
        }
    }

    private string PathOf(string id) => RunNames.IsName(id)
        ? Path.Combine(_runs, id, fileName)
        : throw new ArgumentException($"'{id}' is not a name of a run", nameof(id));

    private Task<FileStream> LockFilesAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_runs);
        return LockFile.TakeAsync(Path.Combine(_runs, ".cluster.lock"), cancellation);
    }
}
