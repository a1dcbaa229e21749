namespace VaeCluster.Evaluation.Scores;

/// <summary>One of the numbers that judge a trained model. None of them depends on the objective's weight β, so they compare across β.</summary>
/// <param name="Name">The name as a user writes it.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Range">Which values it takes, for help: for example <c>0 to 1</c>.</param>
public sealed record ScoreKind(string Name, string Summary, string Range)
{
    /// <summary>Whether it compares the representation with the factors that the images are made from, which the data must know.</summary>
    public bool NeedsFactors { get; init; }

    /// <summary>
    /// Whether it compares several models of one setting with each other; <see cref="Ranking.ModelRanking"/> measures it then, not
    /// <see cref="RunScores"/>.
    /// </summary>
    public bool NeedsSeveralRuns { get; init; }

    /// <summary>Whether a larger value is the better one.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>How it is measured on one run; null where it <see cref="NeedsSeveralRuns"/>.</summary>
    internal Func<ScoreSubject, ScoreValue>? Measure { get; init; }
}
