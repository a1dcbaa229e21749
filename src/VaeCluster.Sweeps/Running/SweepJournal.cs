using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Running;

/// <summary>
/// The memory of a sweep in its folder: the resolved sweep file, the log, the trials that have ended, the summary. Everything that a decision
/// rests on is on disk before the decision is acted on, so that a sweep killed at any moment decides alike when it goes on.
/// </summary>
public sealed class SweepJournal : IDisposable
{
    private readonly FileStream? _lock;
    private readonly LineFile _log;
    private readonly LineFile _trials;
    private readonly Action _demand;
    private readonly TimeProvider _time;

    private SweepJournal(SweepFolder folder, SweepSpec spec, FileStream? lockFile, Action? demand, TimeProvider time)
    {
        Folder = folder;
        Spec = spec;
        _lock = lockFile;
        _demand = demand ?? (() => { });
        _time = time;
        _log = new LineFile(folder.LogPath, demand);
        _trials = new LineFile(folder.TrialsPath, demand);
        Log = [.. _log.Lines.Select(line => Parse<LogLine>(line, folder.LogPath))];
        Ended = [.. _trials.Lines.Select(line => Parse<TrialRecord>(line, folder.TrialsPath))];
    }

    /// <summary>The files.</summary>
    public SweepFolder Folder { get; }

    /// <summary>The sweep as it is now.</summary>
    public SweepSpec Spec { get; private set; }

    /// <summary>The lines of the log when it was opened.</summary>
    public IReadOnlyList<LogLine> Log { get; }

    /// <summary>The trials that had ended when it was opened.</summary>
    public IReadOnlyList<TrialRecord> Ended { get; }

    /// <summary>Begins a sweep: its resolved file is the first thing that is written.</summary>
    /// <param name="spec">The sweep, checked.</param>
    /// <param name="folder">A folder without a sweep in it.</param>
    /// <param name="time">Clock of the log.</param>
    /// <exception cref="BadInputException">The folder holds a sweep or a run, or is a file.</exception>
    public static SweepJournal Create(SweepSpec spec, string folder, TimeProvider time)
    {
        var files = new SweepFolder(folder);
        DemandFree(files, folder);
        Directory.CreateDirectory(files.Path);
        FileStream held = Take(files);
        DemandFree(files, folder); // by a process that came first since the check
        DurableFile.Replace(files.SpecPath, SweepFile.Write(spec));
        return new SweepJournal(files, spec, held, demand: null, time);
    }

    /// <summary>Whether a sweep could begin in a folder. Nothing is written.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="shown">As the user named it.</param>
    /// <exception cref="BadInputException">The folder holds a sweep or a run, or is a file.</exception>
    public static void DemandFree(SweepFolder files, string shown)
    {
        if (File.Exists(files.Path)) throw new BadInputException("--out", null, shown, "a folder; this is a file");
        if (files.Exists) throw new BadInputException("--out", null, shown, "a folder without a sweep in it (`resume` goes on with it)");
        if (new Training.Runs.RunFolder(files.Path).Exists) throw new BadInputException("--out", null, shown, "a folder without a run in it");
    }

    /// <summary>Opens the sweep of a folder to go on with it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">Clock of the log.</param>
    /// <param name="demand">
    /// Throws where another one is in charge by now, see <see cref="IGenerations.Demand"/>; null: a lock keeps the other processes of this machine out.
    /// </param>
    /// <exception cref="BadInputException">There is no sweep, its files are damaged, or another process has it.</exception>
    public static SweepJournal Open(string folder, TimeProvider time, Action? demand = null)
    {
        var files = new SweepFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "this folder holds no sweep (no sweep.yaml)");
        FileStream? held = demand is null ? Take(files) : null;
        try
        {
            return new SweepJournal(files, SweepFile.Load(files.SpecPath, []), held, demand, time);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the other processes of this machine out of a sweep for as long as what it returns is held.</summary>
    /// <param name="folder">The sweep.</param>
    /// <exception cref="BadInputException">Another process has it.</exception>
    public static IDisposable Claim(SweepFolder folder) => Take(folder);

    /// <summary>The trials that have ended, of a sweep that another process may have in charge.</summary>
    /// <param name="folder">The sweep.</param>
    public static IReadOnlyList<TrialRecord> ReadEnded(SweepFolder folder) =>
        [.. LineFile.ReadAll(folder.TrialsPath).Select(line => Parse<TrialRecord>(line, folder.TrialsPath))];

    /// <summary>The lines of the log, of a sweep that another process may have in charge.</summary>
    /// <param name="folder">The sweep.</param>
    public static IReadOnlyList<LogLine> ReadLog(SweepFolder folder) =>
        [.. LineFile.ReadAll(folder.LogPath).Select(line => Parse<LogLine>(line, folder.LogPath))];

    /// <summary>Reads summary.json; null: there is none, or none that can be read.</summary>
    /// <param name="folder">The sweep.</param>
    public static SweepSummary? ReadSummary(SweepFolder folder)
    {
        try
        {
            return File.Exists(folder.SummaryPath) ? JsonSerializer.Deserialize<SweepSummary>(File.ReadAllText(folder.SummaryPath), SweepJson.File) : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _trials.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Adds a line to the log.</summary>
    /// <param name="line">The line; its time is filled in.</param>
    public void Add(LogLine line)
    {
        _demand();
        _log.Add(line with { Time = _time.GetUtcNow() });
    }

    /// <summary>Adds a trial that has ended.</summary>
    /// <param name="record">The trial.</param>
    public void End(TrialRecord record)
    {
        _demand();
        _trials.Add(record);
        Add(new LogLine { Kind = LogLine.End, Trial = record.Index, Record = record });
    }

    /// <summary>Replaces the sweep file.</summary>
    /// <param name="spec">The sweep from now on.</param>
    /// <param name="changes">What was changed, such as <c>parallel=4</c>.</param>
    public void Change(SweepSpec spec, IReadOnlyList<string> changes)
    {
        _demand();
        DurableFile.Replace(Folder.SpecPath, SweepFile.Write(spec));
        Spec = spec;
        Add(new LogLine { Kind = LogLine.Change, Changes = changes });
    }

    /// <summary>Writes summary.json.</summary>
    /// <param name="summary">The sweep as it stands.</param>
    public void Write(SweepSummary summary)
    {
        _demand();
        DurableFile.Replace(Folder.SummaryPath, JsonSerializer.Serialize(summary, SweepJson.File));
    }

    private static FileStream Take(SweepFolder files)
    {
        try
        {
            return new FileStream(files.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (File.Exists(files.LockPath))
        {
            throw new BadInputException(files.Path, null, null, "the sweep is in use by another process", fault);
        }
    }

    private static T Parse<T>(JsonElement line, string path)
    {
        try
        {
            return line.Deserialize<T>(SweepJson.Line)!;
        }
        catch (JsonException fault)
        {
            throw new BadInputException(path, null, line.GetRawText(), "a line that this version has written", fault);
        }
    }
}
