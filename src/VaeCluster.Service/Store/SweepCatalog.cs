using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The sweeps in the folder of runs: which there are, and what their files say of them.</summary>
/// <param name="folder">The folder; sweeps and runs share its numbers.</param>
public sealed class SweepCatalog(string folder)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(folder);

    /// <summary>Ids from the newest to the oldest.</summary>
    public IReadOnlyList<string> Ids() => !Directory.Exists(Path) ? [] :
    [
        .. Directory.EnumerateDirectories(Path).Select(sweep => System.IO.Path.GetFileName(sweep))
            .Where(id => RunNames.IsName(id) && new SweepFolder(System.IO.Path.Combine(Path, id)).Exists)
            .OrderByDescending(id => RunNames.NumberOf(id)).ThenByDescending(id => id, StringComparer.Ordinal),
    ];

    /// <summary>The folder of a sweep. An id is never taken for a path.</summary>
    /// <param name="id">Any text.</param>
    /// <exception cref="RunRefusedException">There is no such sweep.</exception>
    public SweepFolder Find(string id)
    {
        if (!RunNames.IsName(id)) throw RunRefusedException.NoSuchSweep(id);
        var sweep = new SweepFolder(System.IO.Path.Combine(Path, id));
        return sweep.Exists ? sweep : throw RunRefusedException.NoSuchSweep(id);
    }

    /// <summary>The newest sweep that was submitted with a key; null: there is none.</summary>
    /// <param name="key">See <see cref="SweepSubmission.Key"/>; null: no sweep is looked for.</param>
    /// <exception cref="RunRefusedException">It is the key of a run.</exception>
    public string? WithKey(string? key) => SubmissionKeys.Find(Path, key, folder => new SweepFolder(folder).Exists);

    /// <summary>Makes the folder of a new sweep, whole at once: a crash leaves no half of one.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="key">See <see cref="SweepSubmission.Key"/>.</param>
    /// <param name="fill">Puts what belongs in the folder beside the sweep file; told its path.</param>
    public SweepFolder Add(SweepSpec spec, string? key, Action<string> fill)
    {
        string part = System.IO.Path.Combine(Path, $".new-{Guid.NewGuid():N}");
        Directory.CreateDirectory(part);
        try
        {
            File.WriteAllText(new SweepFolder(part).SpecPath, SweepFile.Write(spec));
            SubmissionKeys.Write(part, key);
            fill(part);
            while (true)
            {
                string target = System.IO.Path.Combine(Path, RunNames.Next(Path, spec.Name));
                try
                {
                    Directory.Move(part, target);
                    return new SweepFolder(target);
                }
                catch (IOException) when (Directory.Exists(target))
                {
                    // Something else took the number; the next one is free.
                }
            }
        }
        catch
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            throw;
        }
    }

    /// <summary>What is known of a sweep, with what its files say.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="known">What is remembered of it.</param>
    /// <param name="now">The sweep as its driver has it; null: as the files say.</param>
    /// <param name="whole">Whether with sweep file and trials.</param>
    public static SweepInfo Describe(SweepFolder sweep, SweepRecord known, SweepSummary? now, bool whole)
    {
        string text = File.ReadAllText(sweep.SpecPath), id = System.IO.Path.GetFileName(sweep.Path);
        SweepSummary? summary = now ?? SweepJournal.ReadSummary(sweep);
        (string name, int total, int parallel) = Headings(sweep, id);
        bool isInProgress = known.State is SweepState.Running or SweepState.Stopping;
        if (summary is not null && !isInProgress)
            summary = summary with { Trials = [.. summary.Trials.Select(trial => trial.Status == TrialStatus.Running ? trial with { Status = TrialStatus.Waiting } : trial)] };
        return new SweepInfo
        {
            Id = id,
            Name = name,
            State = known.State,
            Submitted = known.Submitted,
            TotalTrials = total,
            Parallel = parallel,
            Finished = summary?.Count(TrialStatus.Finished) ?? 0,
            StoppedEarly = summary?.Count(TrialStatus.StoppedEarly) ?? 0,
            Failed = summary?.Count(TrialStatus.Failed) ?? 0,
            Running = summary?.Count(TrialStatus.Running) ?? 0,
            Best = summary?.Best is { } best ? summary.Trials.FirstOrDefault(trial => trial.Index == best) : null,
            Notes = known.Notes,
            Error = known.State == SweepState.Failed ? known.Error : null,
            SweepFile = whole ? text : null,
            Summary = whole ? summary : null,
        };
    }

    /// <summary>Opens a file of a sweep, to be read; null where it has not been written yet.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="file">Which one.</param>
    public static Stream? Open(SweepFolder sweep, SweepArtifact file)
    {
        string path = file == SweepArtifact.Report ? sweep.ReportPath : sweep.SummaryPath;
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    // A sweep file of another version must not keep the list from being shown.
    private static (string Name, int Total, int Parallel) Headings(SweepFolder sweep, string id)
    {
        try
        {
            SweepSpec spec = SweepFile.Load(sweep.SpecPath, []);
            return (spec.Name, new TrialPlan(spec).Count, spec.Parallel);
        }
        catch (BadInputException)
        {
            return (id, 0, 0);
        }
    }
}
