using VaeCluster.Core;

namespace VaeCluster.Training.Runs;

/// <summary>The files of a run, by the names of the contract.</summary>
/// <param name="path">The folder; it need not exist yet.</param>
public sealed class RunFolder(string path)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The resolved run file, written first.</summary>
    public string SpecPath => In("run.yaml");

    /// <summary>What the run was made from, written when it begins; see <see cref="RunOrigin"/>.</summary>
    public string OriginPath => In("origin.json");

    /// <summary>One JSON object a line: steps, epochs, evaluations.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>The folder of checkpoints.</summary>
    public string CheckpointsPath => In("checkpoints");

    /// <summary>The folder of figures.</summary>
    public string FiguresPath => In("figures");

    /// <summary>The report.</summary>
    public string ReportPath => In("report.html");

    /// <summary>What figures and the report need of the data, so that a run can be looked at where its data is not.</summary>
    public string ExamplesPath => In("examples.safetensors");

    /// <summary>What each latent dimension of the final weights carries; see <see cref="ExamplesPath"/>.</summary>
    public string DimensionsPath => In("dimensions.json");

    /// <summary>The scores, written when the run is judged by them.</summary>
    public string ScoresPath => In("scores.json");

    /// <summary>The result, written last: its presence says that the run has ended.</summary>
    public string ResultPath => In("result.json");

    /// <summary>One empty file for each time that a process took charge of the run.</summary>
    public string GenerationsPath => In("generations");

    /// <summary>Held open exclusively by the process that is in charge.</summary>
    public string LockPath => In("run.lock");

    /// <summary>Whether the folder holds a run.</summary>
    public bool Exists => File.Exists(SpecPath);

    /// <summary>Whether the run has ended.</summary>
    public bool IsFinished => File.Exists(ResultPath);

    /// <summary>Refuses a folder in which something of the wrong kind has the name of one of the run's files or folders.</summary>
    /// <exception cref="BadInputException">It has; the message names it.</exception>
    public void DemandUsable()
    {
        foreach (string folder in new[] { CheckpointsPath, FiguresPath, GenerationsPath })
            if (File.Exists(folder)) throw new BadInputException(folder, null, null, "is a file, and the run keeps a folder here; move it away");
        string[] files = [SpecPath, OriginPath, MetricsPath, ReportPath, ExamplesPath, DimensionsPath, ScoresPath, ResultPath];
        foreach (string file in files)
        {
            if (Directory.Exists(file)) throw new BadInputException(file, null, null, "is a folder, and the run keeps a file here; move it away");
            RegularFile.Demand(file);
        }
    }

    /// <summary>Removes everything that a run writes; other files stay.</summary>
    public void Clear()
    {
        // The result goes first: a clearing cut short must not look like a finished run. The run file goes last: as long as anything of
        // the old run is left, the folder counts as that run's. The lock stays, held by whoever clears.
        string[] written = [ResultPath, ScoresPath, DimensionsPath, ExamplesPath, ReportPath, MetricsPath, OriginPath];
        foreach (string file in written) File.Delete(file);
        foreach (string folder in new[] { CheckpointsPath, FiguresPath, GenerationsPath })
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        File.Delete(SpecPath);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
