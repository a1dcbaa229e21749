using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Bounds;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Sweeps.Running;

/// <summary>The scores of every evaluation, by name: the ELBO (β = 1) and its terms, whatever the objective.</summary>
public static class MeasuredScores
{
    /// <summary>The scores.</summary>
    public static IReadOnlyList<ScoreKind> Kinds { get; } =
        [BoundScores.Elbo, BoundScores.Reconstruction, BoundScores.Kl, BoundScores.ActiveUnits];

    /// <summary>The scores of an evaluation.</summary>
    public static IReadOnlyDictionary<string, double> Of(EvaluationRecord record) =>
        Of(record.Elbo, record.Reconstruction, record.Kl, record.ActiveUnits);

    /// <summary>The scores in result.json.</summary>
    public static IReadOnlyDictionary<string, double> Of(TestResult test) => Of(test.Elbo, test.Reconstruction, test.Kl, test.ActiveUnits);

    /// <summary>The means over an epoch's training steps, used if there is no held-out data.</summary>
    public static IReadOnlyDictionary<string, double> Of(EpochRecord record) =>
        Of(record.Elbo, record.Reconstruction, record.Kl, activeUnits: null);

    private static OrderedDictionary<string, double> Of(double elbo, double reconstruction, double kl, int? activeUnits)
    {
        var scores = new OrderedDictionary<string, double>(StringComparer.Ordinal)
        {
            [BoundScores.Elbo.Name] = elbo,
            [BoundScores.Reconstruction.Name] = reconstruction,
            [BoundScores.Kl.Name] = kl,
        };
        if (activeUnits is { } units) scores[BoundScores.ActiveUnits.Name] = units;
        return scores;
    }
}
