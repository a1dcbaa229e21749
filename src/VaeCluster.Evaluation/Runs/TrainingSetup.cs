using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>Training options shared by all hosts: evaluation on held-out data, and a report at the end.</summary>
public static class TrainingSetup
{
    /// <summary>Creates the options.</summary>
    /// <param name="engine">Creates the engine.</param>
    public static TrainingOptions Options(Func<IEngine> engine) => new()
    {
        Engine = engine,
        Evaluator = (spec, model, used, threads) => new SplitEvaluator(
            used, model, new SplitEvaluatorOptions { Seed = spec.Evaluation.Seed, Limit = spec.Evaluation.Limit, Threads = threads }),
        Finishing = finished => ReportWriter.Write(TrainedRun.From(finished), finished.Engine, finished.Result.Threads),
    };
}
