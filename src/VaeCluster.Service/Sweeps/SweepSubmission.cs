namespace VaeCluster.Service.Sweeps;

/// <summary>A request to execute a sweep.</summary>
public sealed record SweepSubmission
{
    /// <summary>The text of the sweep file (YAML).</summary>
    public required string SweepFile { get; init; }

    /// <summary>The name of the file, for error messages; null if it has none.</summary>
    public string? FileName { get; init; }

    /// <summary>The folder of the file on the submitter's machine, see <see cref="Runs.RunSubmission.Folder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>The text of the run file that the sweep file names as its base; null if the base is a map in the sweep file.</summary>
    public string? BaseFile { get; init; }

    /// <summary>The name of the base file, for error messages.</summary>
    public string? BaseFileName { get; init; }

    /// <summary>As <see cref="Folder"/>, for the base file.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>Values that override those in the files, such as <c>search.trials=40</c> or <c>training.epochs=2</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>As <see cref="Folder"/>, for the paths in <see cref="Overrides"/>.</summary>
    public string? OverrideFolder { get; init; }

    /// <summary>
    /// A key chosen by the submitter, see <see cref="Runs.RunSubmission.Key"/>. Null: every submission is a new sweep.
    /// </summary>
    public string? Key { get; init; }
}
