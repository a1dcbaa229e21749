using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>The files of a sweep, by the names of the contract.</summary>
/// <param name="path">The folder; it need not exist yet.</param>
public sealed class SweepFolder(string path)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The resolved sweep file, written first.</summary>
    public string SpecPath => In("sweep.yaml");

    /// <summary>One JSON object a line: what was suggested, begun, measured, decided and ended.</summary>
    public string LogPath => In("sweep.jsonl");

    /// <summary>One <see cref="TrialRecord"/> a line, of each trial that has ended.</summary>
    public string TrialsPath => In("trials.jsonl");

    /// <summary>The <see cref="SweepSummary"/>.</summary>
    public string SummaryPath => In("summary.json");

    /// <summary>The report.</summary>
    public string ReportPath => In("report.html");

    /// <summary>Held open exclusively by the process that is in charge.</summary>
    public string LockPath => In("sweep.lock");

    /// <summary>Whether the folder holds a sweep.</summary>
    public bool Exists => File.Exists(SpecPath);

    /// <summary>The run folder of a trial, absolute.</summary>
    /// <param name="relative">See <see cref="TrialRecord.Folder"/>.</param>
    public string TrialPath(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The run folder of a trial, relative to the sweep's.</summary>
    /// <param name="trial">The trial.</param>
    public static string Relative(Trial trial) => $"trials/{trial.FolderName}";

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
