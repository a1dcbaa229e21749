using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Ranking;

namespace VaeCluster.Cli.Runs;

/// <summary>Measures scores of runs and keeps them in the runs' folders.</summary>
internal static class RunScorer
{
    /// <summary>Judges every run by itself, and all together where a score compares them.</summary>
    /// <param name="folders">The run folders as the user named them.</param>
    /// <param name="question">The scores.</param>
    /// <param name="notice">Told of what is under way and of what could not be kept, a line each.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    /// <exception cref="Core.BadInputException">A folder holds no run, or a score cannot be measured on it.</exception>
    internal static IReadOnlyList<ScoreResult> Score(
        IReadOnlyList<string> folders, ScoreRequest question, Action<string> notice, CancellationToken cancellation)
    {
        TrainedRun[] runs = [.. folders.Select(folder => TrainedRun.Open(folder, notice).WithData(question.Data))];
        ScoreKind[] single = [.. question.Kinds.Where(kind => !kind.NeedsSeveralRuns)];
        ScoreKind[] ranking = [.. question.Kinds.Where(kind => kind.NeedsSeveralRuns)];
        foreach (TrainedRun run in runs)
        {
            // Everything that can be refused is refused before the long work begins.
            RunScores.Check(single, run.Data, run.Folder.SpecPath);
            run.SplitNamed(question.Options.Split);
        }

        using var engine = new ManagedEngine();
        // Scores that compare runs come first: they are quick, and refuse runs that cannot be compared.
        IReadOnlyList<ScoreValue>[] ranked =
            [.. ranking.Select(kind => ModelRanking.Measure(engine, runs, kind, Options(runs[0]), cancellation))];
        return [.. runs.Select((run, i) =>
        {
            IReadOnlyDictionary<string, ScoreValue> own = RunScores.Measure(engine, run, single, Options(run), cancellation);
            return Keep(folders[i], run, question.Kinds.Select(kind => KeyValuePair.Create(
                kind.Name, kind.NeedsSeveralRuns ? ranked[Array.IndexOf(ranking, kind)][i] : own[kind.Name])));
        })];

        ScoreOptions Options(TrainedRun run) => question.Options with
        {
            Seed = question.Seed ?? run.Spec.Evaluation.Seed,
            Progress = notice,
        };

        ScoreResult Keep(string folder, TrainedRun run, IEnumerable<KeyValuePair<string, ScoreValue>> values)
        {
            var file = new ScoreFile
            {
                Step = run.Step,
                WeightsSha256 = run.WeightsSha256,
                Seed = Options(run).Seed,
                Pool = question.Options.Pool,
                Split = run.SplitNamed(question.Options.Split).Name,
                Examples = question.Options.Examples ?? run.Spec.Evaluation.Limit,
                Scores = new OrderedDictionary<string, ScoreValue>(values),
            };
            try
            {
                // The folder is for scores of the run's own data, which its report shows.
                if (question.Data is null) file.AddTo(run.Folder.ScoresPath);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Scores that took minutes are printed even if they cannot be saved.
                notice($"{run.Folder.ScoresPath}: not written ({fault.Message})");
            }

            return new ScoreResult(folder, run.Spec.Name, file);
        }
    }
}
