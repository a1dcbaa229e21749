namespace VaeCluster.Evaluation.Scores;

/// <summary>The value of a score.</summary>
/// <param name="Value">The value; NaN if the model's codes are not finite.</param>
public sealed record ScoreValue(double Value)
{
    /// <summary>Its parts by name, in order, for example its value for each factor; empty if it has none.</summary>
    public IReadOnlyDictionary<string, double> Parts { get; init; } = new Dictionary<string, double>();
}
