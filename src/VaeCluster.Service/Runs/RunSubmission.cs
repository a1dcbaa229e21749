namespace VaeCluster.Service.Runs;

/// <summary>A request to execute a run.</summary>
public sealed record RunSubmission
{
    /// <summary>The text of the run file (YAML).</summary>
    public required string RunFile { get; init; }

    /// <summary>The name of the file, for error messages; null if it has none.</summary>
    public string? FileName { get; init; }

    /// <summary>
    /// The folder of the file on the submitter's machine. Relative paths are tried there first, if the server has the same folder and
    /// submitted runs may read it, then in the server's data folders. Null: only in the data folders.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Values that override those in the file, such as <c>objective.beta=4</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>As <see cref="Folder"/>, for the paths in <see cref="Overrides"/>.</summary>
    public string? OverrideFolder { get; init; }

    /// <summary>
    /// The most workers that share a batch, 1 to 1024; their number does not change the weights. Null: one on `serve`, all on a cluster.
    /// </summary>
    public int? Workers { get; init; }

    /// <summary>
    /// A run of the same server whose weights this one begins with: its id, followed by <c>@STEP</c> or <c>@best</c> for a checkpoint other
    /// than the newest. Null: the run draws its own weights.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Whether to take over that run's optimizer state too.</summary>
    public bool OptimizerState { get; init; }

    /// <summary>
    /// A key chosen by the submitter. A second submission with the same key and content returns the run of the first, so that a client that
    /// got no answer can safely retry; other content with a known key is refused. Null: every submission is a new run.
    /// </summary>
    public string? Key { get; init; }
}
