using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Running;

/// <summary>The outcome of a trial that finished or was stopped early.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="WeightsSha256">SHA-256 over the flat vector of weights.</param>
/// <param name="Scores">Its scores by name; empty if it was stopped early.</param>
/// <param name="Result">The content of its result.json; null if it was stopped early.</param>
public sealed record TrialEnd(int Steps, string WeightsSha256, IReadOnlyDictionary<string, double> Scores, RunResult? Result)
{
    /// <summary>See <see cref="Trials.TrialRecord.Folder"/>, if the runner chose the folder; null: the driver's choice.</summary>
    public string? Folder { get; init; }
}
