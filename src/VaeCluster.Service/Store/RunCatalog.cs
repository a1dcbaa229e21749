using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>The folder of runs: which there are, and what their files say of them.</summary>
/// <param name="folder">The folder.</param>
public sealed class RunCatalog(string folder)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(folder);

    /// <summary>Ids from the newest to the oldest.</summary>
    public IReadOnlyList<string> Ids() =>
    [
        .. Directory.EnumerateDirectories(Path)
            .Select(run => System.IO.Path.GetFileName(run))
            .Where(id => RunNames.IsName(id) && new RunFolder(System.IO.Path.Combine(Path, id)).Exists)
            .OrderByDescending(id => RunNames.NumberOf(id)).ThenByDescending(id => id, StringComparer.Ordinal),
    ];

    /// <summary>The folder of a run. An id is never taken for a path.</summary>
    /// <param name="id">Any text.</param>
    /// <exception cref="RunRefusedException">There is no such run.</exception>
    public RunFolder Find(string id)
    {
        if (!RunNames.IsName(id)) throw RunRefusedException.NoSuchRun(id);
        var run = new RunFolder(System.IO.Path.Combine(Path, id));
        return run.Exists ? run : throw RunRefusedException.NoSuchRun(id);
    }

    /// <summary>The newest run that was submitted with a key; null: there is none.</summary>
    /// <param name="key">See <see cref="RunSubmission.Key"/>; null: no run is looked for.</param>
    /// <exception cref="RunRefusedException">It is the key of a sweep.</exception>
    public string? WithKey(string? key) => SubmissionKeys.Find(Path, key, folder => new RunFolder(folder).Exists);

    /// <summary>The runs whose keys begin with a text, the newest first.</summary>
    /// <param name="prefix">Such as <c>004-beta-latent/</c>: the trials of a sweep.</param>
    public IReadOnlyList<string> WithKeysUnder(string prefix) => [.. Ids().Where(id => SubmissionKeys.Read(System.IO.Path.Combine(Path, id))?.StartsWith(prefix, StringComparison.Ordinal) == true)];

    /// <summary>Makes the folder of a new run, whole at once: a crash leaves no half of one, and two processes never share one.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="key">See <see cref="RunSubmission.Key"/>.</param>
    /// <param name="fill">Puts what belongs in the folder beside the run file; told its path.</param>
    public RunFolder Add(RunSpec spec, string? key, Action<string> fill)
    {
        string part = System.IO.Path.Combine(Path, $".new-{Guid.NewGuid():N}");
        Directory.CreateDirectory(part);
        try
        {
            File.WriteAllText(new RunFolder(part).SpecPath, RunFile.Write(spec));
            SubmissionKeys.Write(part, key);
            fill(part);
            while (true)
            {
                string target = System.IO.Path.Combine(Path, RunNames.Next(Path, spec.Name));
                try
                {
                    Directory.Move(part, target);
                    return new RunFolder(target);
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

    /// <summary>Removes a run's folder: it is gone at once under its name, and a crash leaves nothing that looks like a run.</summary>
    /// <param name="run">A run that nobody executes.</param>
    public static void Remove(RunFolder run) => Graves.Bury(run.Path);

    /// <summary>Clears away what a crash has left of removals.</summary>
    public void Sweep() => Graves.Clear(Path);

    /// <summary>The last step in a run's metrics; 0: none.</summary>
    /// <param name="run">The run.</param>
    public static int LastStep(RunFolder run) => MetricsSearch.LastStep(run.MetricsPath);

    /// <summary>The resolved run file.</summary>
    /// <param name="run">The run.</param>
    public static RunSpec ReadSpec(RunFolder run) => RunFile.Load(run.SpecPath, [], RunVocabulary.All);

    /// <summary>The result; null: there is none, or none that can be read.</summary>
    /// <param name="run">The run.</param>
    public static RunResult? ReadResult(RunFolder run)
    {
        try
        {
            return run.IsFinished ? RunResult.Read(run.ResultPath) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is known of a run, with what its files say.</summary>
    /// <param name="run">The run.</param>
    /// <param name="known">What is remembered of it; its state is taken as it is.</param>
    /// <param name="step">The last step that is done; null: as the files say.</param>
    /// <param name="whole">Whether with run file and result.</param>
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
            Notes = known.Notes,
            Error = known.State == RunState.Failed ? known.Error : null,
            RunFile = whole ? text : null,
            Result = whole && known.State == RunState.Finished ? ReadResult(run) : null,
        };
    }

    // A run file of another version must not keep the list from being shown.
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
