using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>The description of a run in the API.</summary>
public sealed record RunInfo
{
    /// <summary>The run's id, which is also the name of its folder: <c>001-mnist-vae</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the run file.</summary>
    public required string Name { get; init; }

    /// <summary>The run's state.</summary>
    public required RunState State { get; init; }

    /// <summary>When it was submitted.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>The most workers that share a batch.</summary>
    public required int Workers { get; init; }

    /// <summary>The number of epochs in the run file.</summary>
    public required int Epochs { get; init; }

    /// <summary>The last logged step; 0 before the first.</summary>
    public required int Step { get; init; }

    /// <summary>The ELBO of the last logged line, in nats per example; null before the first.</summary>
    public double? Elbo { get; init; }

    /// <summary>What was known when training last began or continued; null before that.</summary>
    public RunBeginning? Beginning { get; init; }

    /// <summary>The run whose weights it began with; null if it drew its own, and in lists.</summary>
    public RunSource? From { get; init; }

    /// <summary>Notices that are not errors, newest last; at most ten.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The error of a failed run, in one line.</summary>
    public string? Error { get; init; }

    /// <summary>The resolved run file; null in lists.</summary>
    public string? RunFile { get; init; }

    /// <summary>The result of a finished run; null in lists.</summary>
    public RunResult? Result { get; init; }
}
