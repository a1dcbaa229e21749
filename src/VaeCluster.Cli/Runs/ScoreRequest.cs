using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Cli.Runs;

/// <summary>Which scores <c>evaluate</c> was asked for.</summary>
/// <param name="Kinds">The scores, each once.</param>
/// <param name="Seed">Their seed; null: the run's evaluation seed.</param>
/// <param name="Data">Other images in place of the runs' data; null: the runs' own. Their scores are not kept in the run folders.</param>
/// <param name="Options">Counts, split and threads.</param>
internal sealed record ScoreRequest(IReadOnlyList<ScoreKind> Kinds, long? Seed, string? Data, ScoreOptions Options)
{
    /// <summary>The scores of a list such as <c>mig,factorvae</c>.</summary>
    /// <param name="metrics">The list.</param>
    /// <exception cref="Core.BadInputException">A name is no score's, or there is none.</exception>
    internal static IReadOnlyList<ScoreKind> Parse(string metrics)
    {
        string[] names = metrics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) ScoreFamily.Require(metrics, "--metrics");
        return [.. names.Distinct().Select(name => ScoreFamily.Require(name, "--metrics"))];
    }
}
