using System.Text.Json;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Trials;

/// <summary>
/// The state of a trial, as in trials.jsonl (one line when it has ended), summary.json and the API. Losses are in nats per example.
/// </summary>
public sealed record TrialRecord
{
    /// <summary>Its index in the sweep, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The fields it sets, in the order of the space; fields whose conditions do not hold are missing.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Parameters { get; init; }

    /// <summary>Its <c>training.seed</c>.</summary>
    public required long Seed { get; init; }

    /// <summary>Its status.</summary>
    public required TrialStatus Status { get; init; }

    /// <summary>
    /// Its run folder relative to the sweep's, for example <c>trials/0017-beta4-latent10-seed1</c>; in a cluster, its run id.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>Completed steps.</summary>
    public int Steps { get; init; }

    /// <summary>Total steps; 0 before it has started.</summary>
    public int TotalSteps { get; init; }

    /// <summary>
    /// Its latest scores by name: <c>elbo</c>, <c>reconstruction</c>, <c>kl</c> and <c>active-units</c> on held-out data (means of the
    /// last epoch if there is none), and for a finished trial also the scores requested in the sweep file. Scores that compare the trials
    /// of one setting are added when all of them have ended, in sweep.jsonl and summary.json only.
    /// </summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>SHA-256 of the flat weights after <see cref="Steps"/>; null before the trial has ended.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>Number of failures.</summary>
    public int Failures { get; init; }

    /// <summary>The last failure in one line; null if there was none.</summary>
    public string? Error { get; init; }

    /// <summary>Why the stopping rule stopped it; null if it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>The content of its result.json; null unless it has finished.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Whether a line that was read has what it must, and no folder outside the sweep's.</summary>
    internal bool IsWhole => Index is >= 0 and < SearchFamily.MostTrials && Parameters is not null && Scores is not null
        && Folder is not null && !Path.IsPathRooted(Folder) && !Folder.Split('/', '\\').Contains("..");
}
