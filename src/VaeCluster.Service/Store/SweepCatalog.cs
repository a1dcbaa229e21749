using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Files;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The sweeps in the folder of runs, as described by their files.</summary>
/// <param name="folder">The folder.</param>
public sealed class SweepCatalog(string folder) : FolderCatalog<SweepFolder>(folder)
{
    /// <summary>Makes the folder of a new sweep.</summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="key">See <see cref="SweepSubmission.Key"/>.</param>
    public SweepFolder Add(SweepSpec spec, string? key) =>
        Add(spec.Name, key, part => DurableFile.Replace(new SweepFolder(part).SpecPath, SweepFile.Write(spec)));

    /// <inheritdoc/>
    public override StoredRun StateOf(string id, StoredRun? stored)
    {
        SweepFolder sweep = Find(id);
        return stored ?? new StoredRun
        {
            Id = id,
            Submitted = Directory.GetCreationTimeUtc(sweep.Path),
            Workers = 1,
            State = SweepJournal.ReadSummary(sweep)?.Status switch
            {
                "finished" => RunState.Finished,
                "failed" => RunState.Failed,
                _ => RunState.Stopped,
            },
            Version = StoredRun.NotStored,
        };
    }

    /// <summary>The run folder of a trial: inside the sweep's folder, or among the runs if a cluster trained it as a run.</summary>
    /// <param name="named">See <see cref="SweepFolder.TrialPath"/>.</param>
    public string PathOfTrial(string named) =>
        new RunFolder(named).Exists ? named : System.IO.Path.Combine(Path, System.IO.Path.GetFileName(named));

    /// <summary>Describes a sweep by its stored state and its files.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="known">The stored state.</param>
    /// <param name="now">The sweep's progress from its driver; null to take it from the files.</param>
    /// <param name="whole">Whether to include sweep file and trials.</param>
    public static SweepInfo Describe(SweepFolder sweep, StoredRun known, SweepSummary? now, bool whole)
    {
        string text = File.ReadAllText(sweep.SpecPath), id = System.IO.Path.GetFileName(sweep.Path);
        SweepSummary? summary = now ?? SweepJournal.ReadSummary(sweep);
        (string name, int total, int parallel) = Headings(sweep, id);
        SweepState state = StateOf(known.State);
        if (summary is not null && state is not (SweepState.Running or SweepState.Stopping))
        {
            summary = summary with
            {
                Trials = [.. summary.Trials.Select(trial => trial.Status == TrialStatus.Running ? trial with
                {
                    Status = TrialStatus.Waiting,
                } : trial)],
            };
        }

        return new SweepInfo
        {
            Id = id,
            Name = name,
            State = state,
            Submitted = known.Submitted,
            TotalTrials = total,
            Parallel = parallel,
            Finished = summary?.Count(TrialStatus.Finished) ?? 0,
            StoppedEarly = summary?.Count(TrialStatus.StoppedEarly) ?? 0,
            Failed = summary?.Count(TrialStatus.Failed) ?? 0,
            Running = summary?.Count(TrialStatus.Running) ?? 0,
            Best = summary?.Best is { } best ? summary.Trials.FirstOrDefault(trial => trial.Index == best) : null,
            Notes = known.Notes,
            Error = state == SweepState.Failed ? known.Error : null,
            SweepFile = whole ? text : null,
            Summary = whole ? summary : null,
        };
    }

    /// <summary>Opens a file of a sweep for reading; null if it has not been written yet.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="file">Which file.</param>
    public static Stream? Open(SweepFolder sweep, SweepArtifact file)
    {
        string path = file == SweepArtifact.Report ? sweep.ReportPath : sweep.SummaryPath;
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    /// <inheritdoc/>
    protected override SweepFolder? Open(string path) => new SweepFolder(path) is { Exists: true } sweep ? sweep : null;

    /// <inheritdoc/>
    protected override RunRefusedException NoSuch(string id) => RunRefusedException.NoSuchSweep(id);

    private static SweepState StateOf(RunState state) => state switch
    {
        RunState.Queued => SweepState.Queued,
        RunState.Running => SweepState.Running,
        RunState.Stopping or RunState.Pausing => SweepState.Stopping,
        RunState.Paused => SweepState.Paused,
        RunState.Failed => SweepState.Failed,
        RunState.Finished => SweepState.Finished,
        _ => SweepState.Stopped,
    };

    // A sweep file of another version must not break the list.
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
