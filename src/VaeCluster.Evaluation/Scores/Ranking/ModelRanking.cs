using VaeCluster.Core;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>Scores runs that differ only in their seed by comparing them with each other.</summary>
public static class ModelRanking
{
    /// <summary>Measures a score that compares models.</summary>
    /// <param name="engine">The engine; not disposed.</param>
    /// <param name="runs">At least two runs on the same data, with the same model and objective.</param>
    /// <param name="kind">A score that <see cref="ScoreKind.NeedsSeveralRuns"/>.</param>
    /// <param name="options">Seed, split, number of examples and threads.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>The value of each run, in the order of the runs.</returns>
    /// <exception cref="BadInputException">
    /// There are fewer than two runs, they differ in more than the seed, they are plain autoencoders, or their KL has no closed form.
    /// </exception>
    public static IReadOnlyList<ScoreValue> Measure(
        IEngine engine, IReadOnlyList<TrainedRun> runs, ScoreKind kind, ScoreOptions options, CancellationToken cancellationToken = default)
    {
        RankingSimilarity similarity = kind == UnsupervisedDisentanglementRanking.Kind ? RankingSimilarity.Lasso
            : kind == UnsupervisedDisentanglementRanking.Spearman ? RankingSimilarity.Spearman
            : throw new ArgumentException($"the score {kind.Name} does not compare runs", nameof(kind));
        Check(kind, runs);
        Split shown = runs[0].SplitNamed(options.Split);
        int[] examples = Draw(shown, options);
        RankedCodes[] codes = [.. runs.Select(run => Encode(engine, run, examples, options, cancellationToken))];
        // If a model diverged, no comparison is possible.
        if (codes.Any(model => model.Means.Any(value => !float.IsFinite(value)))) return [.. runs.Select(_ => new ScoreValue(double.NaN))];
        return [.. UnsupervisedDisentanglementRanking.Measure(codes, similarity).Select(score => new ScoreValue(score))];
    }

    private static void Check(ScoreKind kind, IReadOnlyList<TrainedRun> runs)
    {
        if (runs.Count < 2)
        {
            string file = runs.Count == 0 ? kind.Name : runs[0].Folder.SpecPath;
            throw new BadInputException(file, null, null, $"the score {kind.Name} needs at least two runs that differ only in their seed");
        }

        string first = Setting(runs[0]);
        foreach (TrainedRun run in runs)
        {
            string path = run.Folder.SpecPath;
            if (!run.Model.EncodesVariance)
                throw new BadInputException(
                    path, "objective.kind", run.Model.ObjectiveName,
                    $"the score {kind.Name} needs a model whose encoder outputs a variance");
            if (!run.Model.HasClosedFormKl)
                throw new BadInputException(
                    path, run.Model.Posterior.IsGaussian ? "model.prior" : "model.posterior",
                    run.Model.Posterior.IsGaussian ? run.Spec.Model.Prior.Name : run.Spec.Model.Posterior.Name,
                    $"the score {kind.Name} needs the KL of each dimension, which only the posterior gaussian with the prior standard has");
            if (Difference(first, Setting(run)) is { } line)
            {
                string other = runs[0].Folder.SpecPath;
                throw new BadInputException(
                    path, null, null,
                    $"the score {kind.Name} compares runs that differ only in their seed; this run and {other} also differ in '{line}'");
            }
        }
    }

    // Everything that must be the same: all settings that affect the weights, except the seed.
    private static string Setting(TrainedRun run) => RunFile.Write(run.Spec with
    {
        Name = "run",
        Training = run.Spec.Training with { Seed = 0 },
        Checkpoint = new CheckpointSpec(),
        Evaluation = new EvaluationSpec(),
    });

    private static string? Difference(string first, string other)
    {
        string[] firstLines = first.Split('\n'), otherLines = other.Split('\n');
        return otherLines.Except(firstLines).Concat(firstLines.Except(otherLines)).FirstOrDefault()?.Trim();
    }

    private static int[] Draw(Split split, ScoreOptions options)
    {
        var draws = new RandomSequence(new RandomStream(options.Seed, RandomPurpose.Score, (uint)ScoreStream.Ranking, 0));
        var examples = new int[options.RankingSamples];
        for (int i = 0; i < examples.Length; i++) examples[i] = split.ExampleId(draws.Below(split.Count));
        return examples;
    }

    private static RankedCodes Encode(IEngine engine, TrainedRun run, int[] examples, ScoreOptions options, CancellationToken cancellation)
    {
        ImageCodes codes = ImageEncoder.Encode(engine, run, run.SplitNamed(options.Split), examples, options.Threads, cancellation);
        var kl = new double[run.Model.Latent];
        for (int i = 0; i < codes.Means.Length; i++)
        {
            double mean = codes.Means[i], logVariance = codes.LogVariances[i];
            kl[i % kl.Length] += 0.5 * ((mean * mean) + ScalarMath.Exp(logVariance) - logVariance - 1) / examples.Length;
        }

        return new RankedCodes(codes.Means, kl);
    }
}
