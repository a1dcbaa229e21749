using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>The paths of a sweep's files.</summary>
/// <param name="path">The folder; it need not exist.</param>
public sealed class SweepFolder(string path)
{
    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The resolved sweep file, written first.</summary>
    public string SpecPath => In("sweep.yaml");

    /// <summary>The log: one <see cref="LogLine"/> per line.</summary>
    public string LogPath => In("sweep.jsonl");

    /// <summary>One <see cref="TrialRecord"/> per line, for each trial that has ended.</summary>
    public string TrialsPath => In("trials.jsonl");

    /// <summary>The <see cref="SweepSummary"/>.</summary>
    public string SummaryPath => In("summary.json");

    /// <summary>The report.</summary>
    public string ReportPath => In("report.html");

    /// <summary>The lock file, held open exclusively by the process that runs the sweep.</summary>
    public string LockPath => In("sweep.lock");

    /// <summary>Whether the folder contains a sweep.</summary>
    public bool Exists => File.Exists(SpecPath);

    /// <summary>The run folder of a trial, absolute.</summary>
    /// <param name="relative">See <see cref="TrialRecord.Folder"/>.</param>
    public string TrialPath(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The run folder of a trial, relative to the sweep's.</summary>
    /// <param name="trial">The trial.</param>
    public static string Relative(Trial trial) => $"trials/{trial.FolderName}";

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
