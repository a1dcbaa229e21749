using System.Text.Json;
using VaeCluster.Cli.Runs;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.LocalRuns;

/// <summary>Reads the runs and sweeps of a folder, whoever trains them: a command line, a server or a cluster.</summary>
/// <param name="current">The current folder, for paths that can be pasted.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalRunReader(string current, TimeProvider time)
{
    // A silo of a cluster with a database leaves nothing in the folder but what the run writes; it logs every step.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    /// <summary>Lists the runs and sweeps, the newest first. A folder that is itself a run or sweep is listed alone.</summary>
    /// <param name="folder">An existing folder.</param>
    internal IReadOnlyList<LocalRun> List(string folder)
    {
        string[] folders = IsOne(folder) ? [folder] : [.. Directory.EnumerateDirectories(folder).Where(IsOne)];
        return
        [
            .. folders.Select(Read)
                .OrderByDescending(run => run.Started).ThenByDescending(run => run.Id, StringComparer.Ordinal),
        ];
    }

    // A folder of run files has a run.yaml too, but nothing that training or a server writes beside it.
    private static bool IsOne(string folder)
    {
        var run = new RunFolder(folder);
        var sweep = new SweepFolder(folder);
        return (run.Exists && (File.Exists(run.LockPath) || File.Exists(run.MetricsPath) || run.IsFinished
            || FileRunStore.StateIn(folder) is not null))
            || (sweep.Exists && (File.Exists(sweep.LockPath) || File.Exists(sweep.SummaryPath)
                || FileRunStore.StateIn(folder) is not null));
    }

    private LocalRun Read(string folder)
    {
        var sweep = new SweepFolder(folder);
        try
        {
            return sweep.Exists ? ReadSweep(sweep) : ReadRun(new RunFolder(folder));
        }
        catch (Exception fault) when (
            fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or BadInputException)
        {
            // One damaged folder must not hide the others.
            return new LocalRun
            {
                Id = NameOf(folder),
                Folder = RunFolders.Show(current, folder),
                Kind = sweep.Exists ? "sweep" : "run",
                State = "unreadable",
                Started = Directory.GetLastWriteTimeUtc(folder),
                Error = VisibleText.Line(fault.Message),
            };
        }
    }

    private LocalRun ReadRun(RunFolder folder)
    {
        StoredRun? record = FileRunStore.StateIn(folder.Path);
        var run = new LocalRun
        {
            Id = NameOf(folder.Path),
            Folder = RunFolders.Show(current, folder.Path),
            Kind = "run",
            State = "finished",
            Started = record?.Submitted ?? File.GetLastWriteTimeUtc(folder.SpecPath),
        };
        if (folder.IsFinished)
        {
            RunResult result = RunResult.Read(folder.ResultPath);
            return run with
            {
                Step = result.Steps,
                TotalSteps = result.Steps,
                Elbo = result.Test?.Elbo ?? result.Train?.Elbo,
                ElboSplit = result.Test is not null ? "held-out" : result.Train is not null ? "train" : null,
            };
        }

        MetricsEnd metrics = MetricsEnd.Read(folder.MetricsPath);
        string state = StateOf(folder.LockPath, record, folder.MetricsPath);
        return run with
        {
            State = state,
            Step = metrics.Step,
            TotalSteps = record?.Beginning?.TotalSteps ?? (EpochsOf(folder) is { } epochs ? epochs * metrics.StepsPerEpoch : null),
            Elbo = metrics.HeldOutElbo ?? metrics.Elbo,
            ElboSplit = metrics.HeldOutElbo is not null ? metrics.HeldOutSplit : metrics.Elbo is not null ? "train" : null,
            Error = state == "failed" ? record?.Error : null,
        };
    }

    private LocalRun ReadSweep(SweepFolder folder)
    {
        StoredRun? record = FileRunStore.StateIn(folder.Path);
        SweepSummary? summary = SweepJournal.ReadSummary(folder);
        string state = summary?.Status is "finished" or "failed" ? summary.Status : StateOf(folder.LockPath, record, folder.LogPath);
        double? elbo = summary?.Trials.FirstOrDefault(trial => trial.Index == summary.Best) is { } best
            && best.Scores.TryGetValue("elbo", out double value)
            ? value : null;
        return new LocalRun
        {
            Id = NameOf(folder.Path),
            Folder = RunFolders.Show(current, folder.Path),
            Kind = "sweep",
            State = state,
            TrialsEnded = summary?.Trials.Count(trial =>
            trial.Status is TrialStatus.Finished or TrialStatus.StoppedEarly or TrialStatus.Failed) ?? 0,
            TotalTrials = summary?.TotalTrials,
            Elbo = elbo,
            ElboSplit = elbo is null ? null : "held-out",
            Started = record?.Submitted ?? File.GetLastWriteTimeUtc(folder.SpecPath),
            Error = state == "failed" ? record?.Error ?? summary?.Trials.FirstOrDefault(trial => trial.Error is not null)?.Error : null,
        };
    }

    // Of what has no result yet.
    private string StateOf(string lockPath, StoredRun? record, string logPath)
    {
        bool isHeld = FolderLock.IsHeld(lockPath);
        switch (record?.State)
        {
            // Silos hold no lock of the run, but they share that of the folder of runs.
            case RunState.Stopping or RunState.Pausing or RunState.Running when isHeld || RunsFolderLock.IsHeld(RunsOf(lockPath)):
            case RunState.Queued or RunState.Paused or RunState.Failed when !isHeld:
                return record.State.Word();
            case null when !File.Exists(lockPath) && time.GetUtcNow() - File.GetLastWriteTimeUtc(logPath) < LongestSilence:
                return "running";
            default:
                return isHeld ? "running" : "stopped";
        }
    }

    private static string RunsOf(string lockPath) => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(lockPath)))!;

    private static int? EpochsOf(RunFolder folder)
    {
        try
        {
            return RunFile.Load(folder.SpecPath, [], RunVocabulary.All).Training.Epochs;
        }
        catch (BadInputException)
        {
            return null; // a run file of another version
        }
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
