using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Service;
using VaeCluster.Training.Runs;

namespace VaeCluster.Server.Local;

/// <summary>The folder of runs: which there are, and what their files say of them.</summary>
/// <param name="folder">The folder.</param>
internal sealed class RunCatalog(string folder)
{
    /// <summary>The folder, absolute.</summary>
    internal string Path { get; } = System.IO.Path.GetFullPath(folder);

    /// <summary>Ids from the newest to the oldest.</summary>
    internal IReadOnlyList<string> Ids() =>
    [
        .. Directory.EnumerateDirectories(Path)
            .Select(run => System.IO.Path.GetFileName(run))
            .Where(id => RunNames.IsName(id) && new RunFolder(System.IO.Path.Combine(Path, id)).Exists)
            .OrderByDescending(id => RunNames.NumberOf(id)).ThenByDescending(id => id, StringComparer.Ordinal),
    ];

    /// <summary>The folder of a run. An id is never taken for a path.</summary>
    /// <param name="id">Any text.</param>
    /// <exception cref="RunRefusedException">There is no such run.</exception>
    internal RunFolder Find(string id)
    {
        if (!RunNames.IsName(id)) throw RunRefusedException.NoSuchRun(id);
        var run = new RunFolder(System.IO.Path.Combine(Path, id));
        return run.Exists ? run : throw RunRefusedException.NoSuchRun(id);
    }

    /// <summary>Makes the folder of a new run, whole at once: a crash leaves no half of one, and two processes never share one.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="record">What is remembered of it.</param>
    internal RunFolder Add(RunSpec spec, RunRecord record)
    {
        string part = System.IO.Path.Combine(Path, $".new-{Guid.NewGuid():N}");
        Directory.CreateDirectory(part);
        try
        {
            File.WriteAllText(new RunFolder(part).SpecPath, RunFile.Write(spec));
            record.Save(part);
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

    /// <summary>The last step in a run's metrics; 0: none.</summary>
    /// <param name="run">The run.</param>
    internal static int LastStep(RunFolder run) => MetricsSearch.LastStep(run.MetricsPath);

    /// <summary>The resolved run file.</summary>
    /// <param name="run">The run.</param>
    internal static RunSpec ReadSpec(RunFolder run) => RunFile.Load(run.SpecPath, [], RunVocabulary.All);

    /// <summary>The result; null: there is none, or none that can be read.</summary>
    /// <param name="run">The run.</param>
    internal static RunResult? ReadResult(RunFolder run)
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

    /// <summary>What the files say of a run, or its job where it is in progress.</summary>
    /// <param name="run">The run.</param>
    /// <param name="job">Its job; null: not in progress.</param>
    /// <param name="whole">Whether with run file and result.</param>
    internal static RunInfo Describe(RunFolder run, RunJob? job, bool whole)
    {
        RunRecord record = job?.Record ?? RunRecord.Load(run.Path);
        RunState state = job is not null ? record.State : StateAtRest(run, record);
        string text = File.ReadAllText(run.SpecPath);
        (string name, int epochs) = Headings(run, text);
        return new RunInfo
        {
            Id = System.IO.Path.GetFileName(run.Path),
            Name = name,
            State = state,
            Submitted = record.Submitted,
            Workers = record.Workers,
            Epochs = epochs,
            Step = job?.Step ?? LastStep(run),
            Beginning = record.Beginning,
            Notes = record.Notes,
            Error = state == RunState.Failed ? record.Error : null,
            RunFile = whole ? text : null,
            Result = whole && state == RunState.Finished ? ReadResult(run) : null,
        };
    }

    // A record that says "in progress" without a job is of a server that was killed.
    private static RunState StateAtRest(RunFolder run, RunRecord record) =>
        run.IsFinished ? RunState.Finished : record.State == RunState.Failed ? RunState.Failed : RunState.Stopped;

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
