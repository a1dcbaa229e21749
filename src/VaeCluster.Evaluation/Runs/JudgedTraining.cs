using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>Training as every edition does it: judged on held-out data, with a report at the end.</summary>
public static class JudgedTraining
{
    /// <summary>The options that are the same wherever a run is executed.</summary>
    /// <param name="engine">Makes the engine.</param>
    public static TrainingOptions Options(Func<IEngine> engine) => new()
    {
        Engine = engine,
        Evaluator = (spec, model, used, threads) => new SplitEvaluator(
            used, model, new SplitEvaluatorOptions { Seed = spec.Evaluation.Seed, Limit = spec.Evaluation.Limit, Threads = threads }),
        Finishing = finished => ReportWriter.Write(TrainedRun.From(finished), finished.Engine, finished.Result.Threads),
    };
}
