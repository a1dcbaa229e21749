namespace VaeCluster.Evaluation.Scores;

/// <summary>A score of a trained model. No score depends on the objective's weight β, so scores are comparable across β.</summary>
/// <param name="Name">The name that users write.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Range">Its range of values for help, for example <c>0 to 1</c>.</param>
public sealed record ScoreKind(string Name, string Summary, string Range)
{
    /// <summary>Whether it compares the code with the generative factors of the images, which the dataset must provide.</summary>
    public bool NeedsFactors { get; init; }

    /// <summary>
    /// Whether it compares several models that differ only in their seed; then <see cref="Ranking.ModelRanking"/> measures it, and not
    /// <see cref="RunScores"/>.
    /// </summary>
    public bool NeedsSeveralRuns { get; init; }

    /// <summary>Whether a larger value is better.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>Measures it on one run; null if it <see cref="NeedsSeveralRuns"/>.</summary>
    internal Func<ScoreSubject, ScoreValue>? Measure { get; init; }
}
