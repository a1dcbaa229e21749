using System.Text.Json.Serialization;

namespace VaeCluster.Cli.LocalRuns;

/// <summary>A run or a sweep as its folder shows it; also the JSON of <c>runs --json</c>. What the files do not tell is null.</summary>
internal sealed record LocalRun
{
    /// <summary>The folder's name.</summary>
    public required string Id { get; init; }

    /// <summary>The folder, as a person would type it.</summary>
    public required string Folder { get; init; }

    /// <summary><c>run</c> or <c>sweep</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>stopping</c>, <c>pausing</c>, <c>paused</c>, <c>stopped</c>, <c>failed</c>,
    /// <c>finished</c> or <c>unreadable</c>.</summary>
    public required string State { get; init; }

    /// <summary>Steps done by a run.</summary>
    public int? Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public int? TotalSteps { get; init; }

    /// <summary>Trials of a sweep that have ended.</summary>
    public int? TrialsEnded { get; init; }

    /// <summary>Trials of the whole sweep.</summary>
    public int? TotalTrials { get; init; }

    /// <summary>Nats per example: on held-out data where there is a value, else the last that training logged. For a sweep that of the best
    /// trial.</summary>
    public double? Elbo { get; init; }

    /// <summary>What the ELBO was measured on: <c>test</c>, <c>validation</c>, <c>held-out</c> (one of the two) or <c>train</c>.</summary>
    public string? ElboSplit { get; init; }

    /// <summary>When it was submitted or started.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Why it failed or cannot be read.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it is a sweep.</summary>
    [JsonIgnore]
    public bool IsSweep => Kind == "sweep";
}
