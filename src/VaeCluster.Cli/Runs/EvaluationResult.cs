using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Runs;

/// <summary>What <c>evaluate</c> answers; nats per example.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Step">Steps that the weights have seen.</param>
/// <param name="Split">The split's name.</param>
/// <param name="Data">Other images that were evaluated in place of the run's; null: the run's own.</param>
/// <param name="Scores">The plain bound and its terms.</param>
/// <param name="Weighted">The importance-weighted bound; null: not asked for.</param>
internal sealed record EvaluationResult(
    string Run, int Step, string Split, string? Data, SplitScores Scores, ImportanceWeightedScore? Weighted)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A small table.</summary>
    internal string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Run}, step {Step}: {Scores.Examples:#,0} examples of {Data ?? $"the {Split} split"}, nats per example");
        Line("ELBO", $"{Scores.Elbo,12:0.0000}");
        Line("reconstruction", $"{Scores.Reconstruction,12:0.0000}");
        Line("KL", $"{Scores.Kl,12:0.0000}{(Scores.IsKlEstimated ? " (Monte Carlo)" : string.Empty)}");
        Line("active units", $"{Scores.ActiveUnits,7} of {Scores.MeanVariances.Count}");
        if (Weighted is { } weighted)
        {
            Line("IWAE NLL",
                $"{weighted.NegativeLogLikelihood,12:0.0000} ± {weighted.StandardError:0.00} (K = {weighted.Samples}, {weighted.Examples:#,0} examples)");
        }

        if (Scores.IsKlEstimated) return text.ToString().TrimEnd();
        IEnumerable<string> dimensions = Traversals.OrderByKl(Scores.KlPerDimension)
            .Select(d => string.Create(CultureInfo.InvariantCulture, $"z{d} {Scores.KlPerDimension[d]:0.00}"));
        Line("KL by dimension", $"     {string.Join("  ", dimensions)}");
        return text.ToString().TrimEnd();

        void Line(string name, FormattableString value) =>
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-16}{value.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>One JSON object.</summary>
    internal string ToJson() => JsonSerializer.Serialize(
        new
        {
            Run,
            Step,
            Split,
            Data,
            Scores.Examples,
            Scores.Elbo,
            Scores.Reconstruction,
            Scores.Kl,
            KlMethod = Scores.IsKlEstimated ? RunResult.MonteCarlo : "closed-form",
            Scores.ActiveUnits,
            KlPerDimension = Scores.IsKlEstimated ? null : Scores.KlPerDimension,
            ImportanceWeighted = Weighted,
        }, Json);
}
