using System.Globalization;
using VaeCluster.Evaluation.Bounds;

namespace VaeCluster.Evaluation.Scores.Bounds;

/// <summary>The ELBO and its terms as scores, with β = 1 whatever the objective, in nats per example.</summary>
public static class BoundScores
{
    /// <summary>The ELBO.</summary>
    public static ScoreKind Elbo { get; } = new("elbo", "evidence lower bound with β = 1, one sample, nats per example", "any")
    {
        Measure = subject => new ScoreValue(subject.Bound.Elbo),
    };

    /// <summary>The reconstruction term.</summary>
    public static ScoreKind Reconstruction { get; } = new("reconstruction", "−log p(x|z), one sample, nats per example (distortion)", "any")
    {
        HigherIsBetter = false,
        Measure = subject => new ScoreValue(subject.Bound.Reconstruction),
    };

    /// <summary>The KL term.</summary>
    public static ScoreKind Kl { get; } = new("kl", "KL of q(z|x) from the prior, nats per example (rate); by dimension", "0 or more")
    {
        HigherIsBetter = false,
        Measure = subject => new ScoreValue(subject.Bound.Kl)
        {
            Parts = ByDimension(subject.Bound.IsKlEstimated ? [] : subject.Bound.KlPerDimension),
        },
    };

    /// <summary>The number of active units.</summary>
    public static ScoreKind ActiveUnits { get; } = new(
        "active-units", "latent dimensions whose mean varies over the data: Var(μ) > 0.01 (Burda et al. 2015)", "0 to latent size")
    {
        Measure = subject => new ScoreValue(subject.Bound.ActiveUnits) { Parts = ByDimension(subject.Bound.MeanVariances) },
    };

    /// <summary>The importance-weighted negative log-likelihood.</summary>
    public static ScoreKind ImportanceWeighted { get; } = new(
        "iwae", "importance-weighted estimate of −log p(x), nats per example (Burda et al. 2015)", "any")
    {
        HigherIsBetter = false,
        Measure = subject =>
        {
            ImportanceWeightedScore score = subject.ImportanceWeighted();
            return new ScoreValue(score.NegativeLogLikelihood)
            {
                Parts = new OrderedDictionary<string, double> { ["standardError"] = score.StandardError, ["samples"] = score.Samples },
            };
        },
    };

    private static OrderedDictionary<string, double> ByDimension(IReadOnlyList<double> values)
    {
        var parts = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        for (int j = 0; j < values.Count; j++) parts[string.Create(CultureInfo.InvariantCulture, $"z{j}")] = values[j];
        return parts;
    }
}
