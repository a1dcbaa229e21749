using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores.Bounds;
using VaeCluster.Evaluation.Scores.Deviations;
using VaeCluster.Evaluation.Scores.Information;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Evaluation.Scores.Ranking;
using VaeCluster.Evaluation.Scores.Votes;

namespace VaeCluster.Evaluation.Scores;

/// <summary>The scores that a user may choose from. A new one needs one new file and one line here.</summary>
public static class ScoreFamily
{
    /// <summary>All scores.</summary>
    public static IReadOnlyList<ScoreKind> All { get; } =
    [
        BoundScores.Elbo,
        BoundScores.Reconstruction,
        BoundScores.Kl,
        BoundScores.ActiveUnits,
        BoundScores.ImportanceWeighted,
        MutualInformationGap.Kind,
        FactorVaeScore.Kind,
        BetaVaeScore.Kind,
        SeparatedAttributePredictability.Kind,
        SeparatedAttributePredictability.Continuous,
        DciScores.Disentanglement,
        DciScores.Completeness,
        DciScores.Informativeness,
        Modularity.Kind,
        Explicitness.Kind,
        InterventionalRobustness.Kind,
        UnsupervisedDisentanglementRanking.Kind,
        UnsupervisedDisentanglementRanking.Spearman,
    ];

    /// <summary>The score with this name, or null.</summary>
    /// <param name="name">The name.</param>
    public static ScoreKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The score with this name.</summary>
    /// <param name="name">The name as the user wrote it.</param>
    /// <param name="file">The file or option with the name, for the error message.</param>
    /// <param name="field">The field in the file, if any.</param>
    /// <exception cref="BadInputException">There is no such score.</exception>
    public static ScoreKind Require(string name, string file, string? field = null)
    {
        IEnumerable<string> names = All.Select(kind => kind.Name);
        return Find(name)
            ?? throw new BadInputException(file, field, name, $"one of {string.Join(", ", names)}{NearestName.Hint(name, names)}");
    }
}
