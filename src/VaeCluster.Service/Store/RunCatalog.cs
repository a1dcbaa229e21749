using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The runs in the folder of runs, as described by their files.</summary>
/// <param name="folder">The folder.</param>
public sealed class RunCatalog(string folder) : FolderCatalog<RunFolder>(folder)
{
    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="spec">The run file, resolved.</param>
    /// <param name="run">The prepared run.</param>
    /// <param name="key">See <see cref="RunSubmission.Key"/>.</param>
    /// <param name="hash">See <see cref="SubmissionKeys"/>.</param>
    /// <param name="state">The state to store next; its id is ignored.</param>
    /// <returns>The state with its id.</returns>
    public StoredRun Add(RunSpec spec, TrainingRun run, string? key, string hash, StoredRun state) =>
        Add(spec.Name, key, hash, state, part => run.WriteBeginning(new RunFolder(part), spec));

    /// <inheritdoc/>
    /// <remarks>If a run was trained by hand, or finished by hand after it was stopped, its files determine its state.</remarks>
    public override StoredRun StateOf(string id, StoredRun? stored)
    {
        RunFolder run = Find(id);
        StoredRun state = stored ?? new StoredRun
        {
            Id = id,
            Submitted = Directory.GetCreationTimeUtc(run.Path),
            Workers = 1,
            State = RunState.Stopped,
            Version = StoredRun.NotStored,
        };
        return !state.State.IsInProgress() && state.State != RunState.Finished && run.IsFinished ? state with
        {
            State = RunState.Finished,
        } : state;
    }

    /// <summary>The last step in a run's metrics; 0 if there is none.</summary>
    /// <param name="run">The run.</param>
    public static int LastStep(RunFolder run) => MetricsSearch.LastStep(run.MetricsPath);

    /// <summary>The resolved run file.</summary>
    /// <param name="run">The run.</param>
    public static RunSpec ReadSpec(RunFolder run) => RunFile.Load(run.SpecPath, [], RunVocabulary.All);

    /// <summary>The result; null if there is none, or if it cannot be read.</summary>
    /// <param name="run">The run.</param>
    public static RunResult? ReadResult(RunFolder run)
    {
        try
        {
            return run.IsFinished ? RunResult.Read(run.ResultPath) : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Describes a run by its stored state and its files.</summary>
    /// <param name="run">The run.</param>
    /// <param name="known">The stored state.</param>
    /// <param name="step">The last completed step; null to take it from the files.</param>
    /// <param name="whole">Whether to include run file and result.</param>
    public static RunInfo Describe(RunFolder run, StoredRun known, int? step, bool whole)
    {
        string text = File.ReadAllText(run.SpecPath);
        (string name, int epochs) = Headings(run, text);
        (int lastStep, double? elbo) = MetricsSearch.LastLine(run.MetricsPath);
        return new RunInfo
        {
            Id = known.Id,
            Name = name,
            State = known.State,
            Submitted = known.Submitted,
            Workers = known.Workers,
            Epochs = epochs,
            Step = step ?? lastStep,
            Elbo = elbo,
            Beginning = known.Beginning,
            From = whole ? SourceOf(run) : null,
            Notes = known.Notes,
            Error = known.State == RunState.Failed ? known.Error : null,
            RunFile = whole ? text : null,
            Result = whole && known.State == RunState.Finished ? ReadResult(run) : null,
        };
    }

    /// <inheritdoc/>
    protected override RunFolder? Open(string path) => new RunFolder(path) is { Exists: true } run ? run : null;

    /// <inheritdoc/>
    protected override RunRefusedException NoSuch(string id) => RunRefusedException.NoSuchRun(id);

    private static RunSource? SourceOf(RunFolder run)
    {
        try
        {
            return RunOrigin.Read(run)?.From;
        }
        catch (BadInputException)
        {
            return null; // resuming the run reports it
        }
    }

    // A run file of another version must not break the list.
    private static (string Name, int Epochs) Headings(RunFolder run, string text)
    {
        try
        {
            RunSpec spec = RunFile.Parse(text, run.SpecPath, run.Path, [], run.Path, RunVocabulary.All);
            return (spec.Name, spec.Training.Epochs);
        }
        catch (BadInputException)
        {
            return (System.IO.Path.GetFileName(run.Path), 0);
        }
    }
}
