using System.Globalization;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Progress;
using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Runs;

/// <summary>Trains in this process: the managed engine, an evaluator, a view of the progress, and a report at the end.</summary>
internal static class TrainingHost
{
    /// <summary>Prepares and executes a run.</summary>
    /// <param name="request">How.</param>
    /// <param name="prepare">Checks everything; nothing is written before it returns.</param>
    /// <param name="cancellation">Stops the run with a checkpoint.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(TrainingRequest request, Func<TrainingOptions, TrainingRun> prepare, CancellationToken cancellation)
    {
        TextWriter output = request.Console.Output, error = request.Console.Error;
        TrainingProgress progress = TrainingProgress.Create(output, error);
        TrainingRun run = Prepare(request.RunFile, prepare, new TrainingOptions
        {
            Engine = () => new ManagedEngine(),
            Evaluator = (spec, model, engine, threads) => new SplitEvaluator(
                engine, model, new SplitEvaluatorOptions { Seed = spec.Evaluation.Seed, Limit = spec.Evaluation.Limit, Threads = threads }),
            Workers = request.Workers,
            Threads = request.Threads,
            Ranges = request.Ranges,
            Observer = progress,
            Finishing = finished => ReportWriter.Write(TrainedRun.From(finished), finished.Engine, finished.Result.Threads),
        });
        string folder = RunFolders.Show(Environment.CurrentDirectory, run.Folder.Path);
        try
        {
            RunResult result = progress.Watch(() => run.Execute(cancellation));
            output.WriteLine(Summary(result));
            output.WriteLine($"run     {folder}");
            output.WriteLine($"report  {RunFolders.Show(Environment.CurrentDirectory, run.Folder.ReportPath)}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine($"stopped; go on with: {ProgramName.Value} resume {folder}");
            return ExitCodes.Stopped;
        }
    }

    // What does not fit the data is found where the run file's name is not known.
    private static TrainingRun Prepare(string runFile, Func<TrainingOptions, TrainingRun> prepare, TrainingOptions options)
    {
        try
        {
            return prepare(options);
        }
        catch (BadInputException fault)
        {
            throw fault.In(runFile);
        }
    }

    private static string Summary(RunResult result)
    {
        string summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Status} after {result.Steps:#,0} steps in {result.Seconds:0.0} s, {result.SamplesPerSecond:#,0} examples/s");
        if (result.Test is { } test)
        {
            summary += string.Create(
                CultureInfo.InvariantCulture,
                $"; held out: ELBO {test.Elbo:0.00}, reconstruction {test.Reconstruction:0.00}, KL {test.Kl:0.00} nats, {test.ActiveUnits} active units");
        }
        else if (result.Train is { } train)
        {
            summary += string.Create(
                CultureInfo.InvariantCulture, $"; training: ELBO {train.Elbo:0.00}, reconstruction {train.Reconstruction:0.00}, KL {train.Kl:0.00} nats");
        }

        return summary;
    }
}
