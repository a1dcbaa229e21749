using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>What the API says about a run.</summary>
public sealed record RunInfo
{
    /// <summary>The run's name in addresses and the name of its folder: <c>001-mnist-vae</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the run file, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>Workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>Epochs that were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>The last step that is logged; 0 before the first.</summary>
    public required int Step { get; init; }

    /// <summary>The ELBO of the last line that is logged, nats per example; null before the first.</summary>
    public double? Elbo { get; init; }

    /// <summary>How it began when it was last taken up; null before.</summary>
    public RunBeginning? Beginning { get; init; }

    /// <summary>The run whose weights it began with; null: it drew its own, or in lists.</summary>
    public RunSource? From { get; init; }

    /// <summary>Things that a person should know and that are no faults, newest last; at most the last ten.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>For a failed run: why, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>The resolved run file; null in lists.</summary>
    public string? RunFile { get; init; }

    /// <summary>The result of a finished run; null in lists.</summary>
    public RunResult? Result { get; init; }
}
