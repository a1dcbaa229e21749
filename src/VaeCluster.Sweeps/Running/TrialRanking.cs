using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Ranking;
using VaeCluster.Models.Engines;

namespace VaeCluster.Sweeps.Running;

/// <summary>Computes scores that compare the trials of one setting.</summary>
public static class TrialRanking
{
    /// <summary>Computes the scores of each run, by name.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, double>> Measure(
        IEngine engine, IReadOnlyList<TrainedRun> runs, IReadOnlyList<ScoreKind> scores, int threads, CancellationToken cancellation)
    {
        OrderedDictionary<string, double>[] found = [.. runs.Select(_ => new OrderedDictionary<string, double>(StringComparer.Ordinal))];
        var options = new ScoreOptions { Seed = runs[0].Spec.Evaluation.Seed, Threads = threads };
        foreach (ScoreKind score in scores)
        {
            IReadOnlyList<ScoreValue> values = ModelRanking.Measure(engine, runs, score, options, cancellation);
            for (int i = 0; i < values.Count; i++) found[i][score.Name] = values[i].Value;
        }

        return found;
    }
}
