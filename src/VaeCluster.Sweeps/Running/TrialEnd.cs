using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Running;

/// <summary>How a trial ended.</summary>
/// <param name="Steps">Steps done.</param>
/// <param name="WeightsSha256">SHA-256 over the flat vector of weights.</param>
/// <param name="Scores">Its scores by name; empty for a trial that was stopped early.</param>
/// <param name="Result">What its result.json holds; null: it was stopped early.</param>
public sealed record TrialEnd(int Steps, string WeightsSha256, IReadOnlyDictionary<string, double> Scores, RunResult? Result)
{
    /// <summary>See <see cref="Trials.TrialRecord.Folder"/>, where the runner chose it; null: the driver's own.</summary>
    public string? Folder { get; init; }
}
