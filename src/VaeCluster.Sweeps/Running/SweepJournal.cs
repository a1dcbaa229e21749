using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Running;

/// <summary>
/// The persistent state of a sweep: the resolved sweep file, the log, the ended trials and the summary. Everything that a decision depends
/// on is on disk before the decision takes effect, so that a sweep killed at any moment makes the same decisions when resumed.
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
        Log = Whole<LogLine>(_log.Lines, line => line.IsWhole);
        List<TrialRecord> ended = Whole<TrialRecord>(_trials.Lines, record => record.IsWhole);
        string?[] notes = [Describe(_log, Log.Count), Describe(_trials, ended.Count)];
        Notes = [.. notes.OfType<string>()];

        // A trial is written to trials.jsonl first; what only the log knows has been lost there.
        HashSet<int> known = [.. ended.Select(record => record.Index)];
        foreach (LogLine line in Log)
        {
            if (line is not { Kind: LogLine.End, Record: { } record } || !known.Add(record.Index)) continue;
            _demand();
            _trials.Add(record);
            ended.Add(record);
        }

        Ended = ended;
    }

    /// <summary>The files.</summary>
    public SweepFolder Folder { get; }

    /// <summary>The current sweep file.</summary>
    public SweepSpec Spec { get; private set; }

    /// <summary>The lines of the log at the time of opening.</summary>
    public IReadOnlyList<LogLine> Log { get; }

    /// <summary>The trials that had ended at the time of opening.</summary>
    public IReadOnlyList<TrialRecord> Ended { get; }

    /// <summary>What was found damaged when the journal was opened, a line for each file.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Creates a sweep; its resolved file is written first.</summary>
    /// <param name="spec">The checked sweep.</param>
    /// <param name="folder">A folder that contains no sweep.</param>
    /// <param name="time">The clock of the log.</param>
    /// <exception cref="BadInputException">The folder contains a sweep or a run, or is a file.</exception>
    public static SweepJournal Create(SweepSpec spec, string folder, TimeProvider time)
    {
        var files = new SweepFolder(folder);
        DemandFree(files, folder);
        Directory.CreateDirectory(files.Path);
        FileStream held = Take(files);
        DemandFree(files, folder); // again: another process may have created one before the lock was taken
        DurableFile.Replace(files.SpecPath, SweepFile.Write(spec));
        return new SweepJournal(files, spec, held, demand: null, time);
    }

    /// <summary>Checks that a sweep can be created in a folder. Writes nothing.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="shown">The folder as the user wrote it, for messages.</param>
    /// <exception cref="BadInputException">The folder contains a sweep or a run, or is a file.</exception>
    public static void DemandFree(SweepFolder files, string shown)
    {
        if (File.Exists(files.Path)) throw new BadInputException("--out", null, shown, "must be a folder, but is a file");
        if (files.Exists) throw new BadInputException(
            "--out", null, shown, "already contains a sweep; choose another folder, or continue it with `resume`");
        if (new Training.Runs.RunFolder(files.Path).Exists)
            throw new BadInputException("--out", null, shown, "already contains a run; choose another folder");
    }

    /// <summary>Opens the sweep in a folder to resume it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock of the log.</param>
    /// <param name="demand">
    /// Throws if another process has taken over, see <see cref="IGenerations.Demand"/>; null: a lock excludes other processes on this
    /// machine.
    /// </param>
    /// <exception cref="BadInputException">There is no sweep, its files are damaged, or another process has it open.</exception>
    public static SweepJournal Open(string folder, TimeProvider time, Action? demand = null)
    {
        var files = new SweepFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "not a sweep folder (no sweep.yaml)");
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

    /// <summary>Locks a sweep against other processes on this machine until the result is disposed.</summary>
    /// <param name="folder">The sweep.</param>
    /// <exception cref="BadInputException">Another process has it open.</exception>
    public static IDisposable Claim(SweepFolder folder) => Take(folder);

    /// <summary>Reads the ended trials of a sweep that another process may be running.</summary>
    /// <param name="folder">The sweep.</param>
    public static IReadOnlyList<TrialRecord> ReadEnded(SweepFolder folder) =>
        Whole<TrialRecord>(LineFile.ReadAll(folder.TrialsPath), record => record.IsWhole);

    /// <summary>Reads the log of a sweep that another process may be running.</summary>
    /// <param name="folder">The sweep.</param>
    public static IReadOnlyList<LogLine> ReadLog(SweepFolder folder) =>
        Whole<LogLine>(LineFile.ReadAll(folder.LogPath), line => line.IsWhole);

    /// <summary>Reads summary.json; null if it is missing or unreadable.</summary>
    /// <param name="folder">The sweep.</param>
    public static SweepSummary? ReadSummary(SweepFolder folder)
    {
        try
        {
            return File.Exists(folder.SummaryPath)
                ? JsonSerializer.Deserialize<SweepSummary>(File.ReadAllText(folder.SummaryPath), SweepJson.File)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
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

    /// <summary>Appends a line to the log.</summary>
    /// <param name="line">The line; its time is set here.</param>
    public void Add(LogLine line)
    {
        _demand();
        _log.Add(line with { Time = _time.GetUtcNow() });
    }

    /// <summary>Records the end of a trial in trials.jsonl and the log.</summary>
    /// <param name="record">The trial.</param>
    public void End(TrialRecord record)
    {
        _demand();
        _trials.Add(record);
        Add(new LogLine { Kind = LogLine.End, Trial = record.Index, Record = record });
    }

    /// <summary>Replaces the sweep file and logs the change.</summary>
    /// <param name="spec">The new sweep.</param>
    /// <param name="changes">The changes, such as <c>parallel=4</c>.</param>
    public void Change(SweepSpec spec, IReadOnlyList<string> changes)
    {
        _demand();
        DurableFile.Replace(Folder.SpecPath, SweepFile.Write(spec));
        Spec = spec;
        Add(new LogLine { Kind = LogLine.Change, Changes = changes });
    }

    /// <summary>Writes summary.json.</summary>
    /// <param name="summary">The summary.</param>
    public void Write(SweepSummary summary)
    {
        _demand();
        DurableFile.Replace(Folder.SummaryPath, JsonSerializer.Serialize(summary, SweepJson.File));
    }

    private static FileStream Take(SweepFolder files) =>
        ExclusiveFile.Take(files.LockPath, files.Path, "this sweep is in use by another process");

    // A line that is JSON and yet none of these is as lost as one that is not.
    private static List<T> Whole<T>(IReadOnlyList<JsonElement> lines, Func<T, bool> isWhole)
    {
        var whole = new List<T>(lines.Count);
        foreach (JsonElement line in lines)
        {
            try
            {
                if (line.Deserialize<T>(SweepJson.Line) is { } read && isWhole(read)) whole.Add(read);
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
            {
                // Counted by what is missing.
            }
        }

        return whole;
    }

    private static string? Describe(LineFile file, int read)
    {
        LineLosses losses = file.Losses with { Unreadable = file.Losses.Unreadable + file.Lines.Count - read };
        return losses.Describe();
    }
}
