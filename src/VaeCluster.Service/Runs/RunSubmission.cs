namespace VaeCluster.Service.Runs;

/// <summary>A run to be executed.</summary>
public sealed record RunSubmission
{
    /// <summary>The text of the run file (YAML).</summary>
    public required string RunFile { get; init; }

    /// <summary>The name of the file, for faults; null: it has none.</summary>
    public string? FileName { get; init; }

    /// <summary>
    /// The folder that the file lies in on the machine of whoever submits it. Relative paths are looked for there first, where the server
    /// has the same folder and submitted runs may read it, then in the server's data folders; null: only in those.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Values that win over the file's, such as <c>objective.beta=4</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>As <see cref="Folder"/>, for the paths in <see cref="Overrides"/>.</summary>
    public string? OverrideFolder { get; init; }

    /// <summary>
    /// Most workers that share a batch, 1 to 1024; they do not change the weights. Null: one on `serve`, all that there are in a cluster.
    /// </summary>
    public int? Workers { get; init; }

    /// <summary>
    /// A run of the same server whose weights this one begins with: its id, with <c>@STEP</c> or <c>@best</c> behind it for another checkpoint
    /// than the newest. Null: it draws its own.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Whether the state of that run's optimizer is taken over too.</summary>
    public bool OptimizerState { get; init; }

    /// <summary>
    /// A word of the submitter's for this very run: a second submission with it finds the run of the first, whatever else it says, so that
    /// whoever has not heard the answer may ask again. Null: every submission is a run of its own.
    /// </summary>
    public string? Key { get; init; }
}
