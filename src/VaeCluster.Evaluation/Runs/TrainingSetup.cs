using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>Training options shared by all hosts: evaluation on held-out data, the examples that the run folder keeps, and
/// a report at the end.</summary>
public static class TrainingSetup
{
    /// <summary>Creates the options.</summary>
    /// <param name="engine">Creates the engine.</param>
    public static TrainingOptions Options(Func<IEngine> engine) => new()
    {
        Engine = engine,
        Evaluator = (spec, model, used, threads) => new SplitEvaluator(
            used, model, new SplitEvaluatorOptions { Seed = spec.Evaluation.Seed, Limit = spec.Evaluation.Limit, Threads = threads }),
        Beginning = Keep,
        Finishing = finished => ReportWriter.Write(TrainedRun.From(finished), finished.Engine, finished.Result.Threads),
    };

    // Only where nothing is kept yet: a run that goes on keeps what it began with.
    private static void Keep(TrainingRun run)
    {
        if (File.Exists(run.Folder.ExamplesPath)) return;
        try
        {
            KeptExamples.Of(run.Data, run.Spec.Evaluation.Seed).Write(run.Folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Training does not need it; where it is missing, figures open the data.
            run.Options.Observer?.OnNotice($"{run.Folder.ExamplesPath}: not written ({fault.Message})");
        }
    }
}
