using System.Text.Json;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Trials;

/// <summary>
/// A trial as trials.jsonl holds it, one line once it has ended, and as summary.json and the API list it at any time. Losses are in nats per
/// example.
/// </summary>
public sealed record TrialRecord
{
    /// <summary>Its number in the sweep, from 0: with the sweep file it says everything about the trial.</summary>
    public required int Index { get; init; }

    /// <summary>The fields that it sets, in the order of the space; a field whose conditions do not hold is missing.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Parameters { get; init; }

    /// <summary>Its <c>training.seed</c>.</summary>
    public required long Seed { get; init; }

    /// <summary>Where it stands.</summary>
    public required TrialStatus Status { get; init; }

    /// <summary>Its run folder, relative to the sweep's: <c>trials/0017-beta4-latent10-seed1</c>; in a cluster the id of its run.</summary>
    public required string Folder { get; init; }

    /// <summary>Steps that it has done.</summary>
    public int Steps { get; init; }

    /// <summary>Steps of the whole trial; 0 before it has begun.</summary>
    public int TotalSteps { get; init; }

    /// <summary>
    /// Its scores by name: <c>elbo</c>, <c>reconstruction</c>, <c>kl</c>, <c>active-units</c> on held-out data (or the means of the last epoch where
    /// there are none), and at the end of a finished trial those that the sweep file asks for; scores
    /// that compare trials of one setting follow when all of them have ended, in sweep.jsonl and summary.json. Of a trial that was stopped early: the last ones.
    /// </summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>SHA-256 over the flat vector of weights after <see cref="Steps"/>; null before the trial has ended.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>Times that it failed and went on.</summary>
    public int Failures { get; init; }

    /// <summary>The last failure in one line; null: none.</summary>
    public string? Error { get; init; }

    /// <summary>Why the sweep's rule stopped it; null: it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>What its result.json holds; null unless it has finished.</summary>
    public RunResult? Result { get; init; }
}
