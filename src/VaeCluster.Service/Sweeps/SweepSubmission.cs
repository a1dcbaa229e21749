namespace VaeCluster.Service.Sweeps;

/// <summary>A sweep to be executed.</summary>
public sealed record SweepSubmission
{
    /// <summary>The text of the sweep file (YAML).</summary>
    public required string SweepFile { get; init; }

    /// <summary>The name of the file, for faults; null: it has none.</summary>
    public string? FileName { get; init; }

    /// <summary>The folder that the file lies in on the machine of whoever submits it, see
    /// <see cref="Runs.RunSubmission.Folder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>The text of the run file that the sweep file names as its base; null: its base is a map of its own.</summary>
    public string? BaseFile { get; init; }

    /// <summary>The name of the base file, for faults.</summary>
    public string? BaseFileName { get; init; }

    /// <summary>As <see cref="Folder"/>, for the base file.</summary>
    public string? BaseFolder { get; init; }

    /// <summary>Values that win over the files', such as <c>search.trials=40</c> or <c>training.epochs=2</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>As <see cref="Folder"/>, for the paths in <see cref="Overrides"/>.</summary>
    public string? OverrideFolder { get; init; }

    /// <summary>
    /// A word of the submitter's for this very sweep: a second submission with it finds the sweep of the first, whatever else it says, see
    /// <see cref="Runs.RunSubmission.Key"/>. Null: every submission is a sweep of its own.
    /// </summary>
    public string? Key { get; init; }
}
