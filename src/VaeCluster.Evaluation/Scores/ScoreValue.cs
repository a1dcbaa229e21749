namespace VaeCluster.Evaluation.Scores;

/// <summary>The value of a score.</summary>
/// <param name="Value">The number; not a number where the model's codes are not finite.</param>
public sealed record ScoreValue(double Value)
{
    /// <summary>What it is made of, by name, in order: for example its value for each factor. Empty where it has no parts.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();
}
